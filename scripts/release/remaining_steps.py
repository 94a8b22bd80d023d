"""Say what is left for a person to do before a release: the sections of RELEASING.md about it."""

from crates import ROOT, published


def main() -> None:
    text = (ROOT / "RELEASING.md").read_text(encoding="utf-8")
    sections = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    print("Everything that a machine can check holds. A person still has to do this:")
    if not all(crate["repository"] for crate in published()):
        print("\nAdd `repository` to [workspace.package] in Cargo.toml and to each published crate.")
    for title in ("Once for each registry", "Steps"):
        print(f"\n{title}\n{sections[title].rstrip()}")


if __name__ == "__main__":
    main()
