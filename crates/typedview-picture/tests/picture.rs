//! Tests of the picture.
//! They look at its text: that it is well formed and bounded, and that it says what is true.

use typedview::{Format, Found};
use typedview_picture::{drawn_extents, html};

const LIMIT: usize = 60_000;

/// A small generator of numbers, xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

/// Fails unless each tag is closed in the right order, attributes are quoted and no forbidden character remains.
fn check_xml(text: &str) {
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        check_text(&rest[..start]);
        let end = start + rest[start..].find('>').expect("a tag is not closed");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        assert!(!tag.contains('<'), "{tag}");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closed in the wrong order");
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap());
        }
    }
    check_text(rest);
    assert!(open.is_empty(), "not closed: {open:?}");
}

fn check_text(text: &str) {
    assert!(!text.contains('>') && !text.chars().any(|c| c.is_control()), "{text}");
    for (at, _) in text.match_indices('&') {
        let entity = &text[at..];
        assert!(
            ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].iter().any(|known| entity.starts_with(known)),
            "{entity}"
        );
    }
}

/// Fails if a shape leaves the picture, or if a number is not finite.
fn check_geometry(html: &str) {
    let svg = &html[html.find("<svg").unwrap()..html.find("</svg>").unwrap()];
    assert!(!svg.contains("NaN") && !svg.contains("inf\""));
    let number = |tag: &str, name: &str| -> Option<f64> {
        let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        tag[start..start + tag[start..].find('"')?].parse().ok()
    };
    let [width, height] = ["width", "height"].map(|name| number(svg, name).unwrap());
    assert!(width <= 640.0 && height < 1400.0, "width {width}, height {height}");
    for tag in svg.split('<').filter(|tag| tag.starts_with("rect")) {
        let [x, y, w, h] = ["x", "y", "width", "height"].map(|name| number(tag, name).unwrap());
        assert!(x >= 0.0 && x + w <= width + 0.1, "{tag}");
        assert!(y >= 0.0 && y + h <= height + 0.1, "{tag} {height}");
    }
    for tag in svg.split('<').filter(|tag| tag.starts_with("text ")) {
        let [x, y, size] = ["x", "y", "font-size"].map(|name| number(tag, name).unwrap());
        let text = tag
            .split('>')
            .nth(1)
            .unwrap()
            .replace("&quot;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", "<")
            .replace("&amp;", "&")
            .replace("&#39;", "'");
        let length = text.chars().count() as f64 * size * 0.602;
        let left = if tag.contains("middle") {
            x - length / 2.0
        } else if tag.contains("\"end\"") {
            x - length
        } else {
            x
        };
        assert!(left >= -0.5 && left + length <= width + 0.5, "{tag}: {left} {length}");
        assert!(y >= 0.0 && y <= height, "{tag} {height}");
    }
}

fn picture(
    format: &str,
    shape: &[usize],
    strides: &[isize],
    suboffsets: &[isize],
    values: &[String],
) -> String {
    let format = Format::parse(format.as_bytes()).unwrap();
    let found = Found { format: &format, shape, strides, suboffsets, readonly: false };
    let html = html(&found, &format!("View({})", found.summary()), values);
    check_xml(&html);
    check_geometry(&html);
    assert!(html.len() < LIMIT, "{} bytes for {shape:?} {strides:?} {format:?} {suboffsets:?}", html.len());
    html
}

fn plain(format: &str, shape: &[usize], strides: &[isize]) -> String {
    picture(format, shape, strides, &[], &[])
}

#[test]
fn random_layouts_have_well_formed_and_bounded_pictures() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let formats = [
        "d",
        "B",
        "h",
        "T{B:a:xxxxxxxd:b:}",
        "T{d:x:f:y:}",
        "0x",
        "Zd",
        "300x",
        "T{(2,3)f:m:5xB:<&:}",
        "1s",
        "1000000000000x",
    ];
    let ends = [
        isize::MIN,
        isize::MAX,
        isize::MAX / 2,
        1 << 40,
        -(1 << 40),
        -1,
        0,
        1,
        2,
        3,
        4,
        8,
        -8,
        12,
        24,
        100,
        -3,
        7,
    ];
    let extents = [0, 1, 1, 2, 2, 3, 3, 4, 5, 7, 8, 8, 9, 9, 100, 1 << 40, usize::MAX, isize::MAX as usize];
    let texts = [
        "1.5",
        "<b>&\"'",
        "\u{0}\u{1b}[0m",
        "\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}",
        "",
        "123456789012345",
    ];
    for round in 0..6000 {
        let ndim = if round % 50 == 0 { 64 } else { random.below(5) as usize };
        let shape: Vec<usize> = (0..ndim)
            .map(|_| {
                if ndim == 64 && random.below(90) != 0 {
                    1 + random.below(3) as usize
                } else {
                    random.pick(&extents)
                }
            })
            .collect();
        let strides: Vec<isize> = (0..ndim).map(|_| random.pick(&ends)).collect();
        let pointers = [-1, -1, -1, 0, 8, isize::MAX];
        let suboffsets: Vec<isize> = if random.below(4) == 0 {
            (0..ndim).map(|_| random.pick(&pointers)).collect()
        } else {
            Vec::new()
        };
        let values: Vec<String> = (0..random.below(70)).map(|_| random.pick(&texts).to_owned()).collect();
        let format = random.pick(&formats);
        picture(format, &shape, &strides, &suboffsets, &values);
    }
}

#[test]
fn a_picture_is_the_same_each_time() {
    assert_eq!(plain("d", &[4, 3], &[24, 8]), plain("d", &[4, 3], &[24, 8]));
}

#[test]
fn the_axes_are_named_with_length_and_stride() {
    let html = plain("d", &[4, 3], &[-24, 8]);
    assert!(html.contains("axis 0: length 4, stride \u{2212}24 bytes"));
    assert!(html.contains("axis 1: length 3, stride +8 bytes"));
    assert!(html.contains("Axis 0 has a negative stride"));
    // The last row is at the lowest address.
    assert!(html.contains(">\u{2212}72<"));
}

#[test]
fn the_order_says_whether_rows_have_gaps() {
    for (strides, order) in [
        ([24, 8], "C: one block"),
        ([8, 32], "F: one block"),
        ([40, 8], "strided: not one block, but the last axis has no gaps"),
        ([48, 16], "strided: not one block in the order of C or F"),
    ] {
        assert!(plain("d", &[4, 3], &strides).contains(order), "{order}");
    }
}

#[test]
fn a_picture_is_as_wide_as_what_it_shows() {
    let one_element = plain("h", &[1], &[2]);
    let width = one_element.split(" width=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(width.parse::<f64>().unwrap() < 320.0, "{width}");
    assert!(plain("d", &[100], &[8]).contains(" width=\"640\""));
}

#[test]
fn stride_zero_says_that_indices_share_bytes() {
    let html = plain("d", &[1 << 40, 3], &[0, 8]);
    assert!(html.contains("Axis 0 has stride 0: all of its 1099511627776 indices lead to the same bytes."));
    assert!(html.contains(">\u{d7}8<"));
    assert!(html.contains("Of axis 0, the first 8 of 1099511627776 indices are drawn."));
}

#[test]
fn a_gap_tells_its_number_of_bytes() {
    assert!(plain("d", &[3], &[16]).contains(">8 bytes<"));
    assert!(plain("d", &[3], &[1_000_000]).contains(">999992 bytes<"));
}

#[test]
fn an_empty_view_tells_which_axis_is_empty() {
    let html = plain("d", &[4, 0], &[0, 8]);
    assert!(html.contains("no elements") && html.contains("because axis 1 has length 0"));
}

#[test]
fn elements_without_bytes_use_no_memory() {
    assert!(plain("0x", &[4], &[0]).contains("Elements of 0 bytes use no memory."));
}

#[test]
fn a_record_shows_its_fields_and_padding() {
    let html = plain("T{B:kind:7xd:price:}", &[3], &[16]);
    for text in [">kind<", ">price<", ">padding<", ">7 bytes<", ">8\u{2013}15<"] {
        assert!(html.contains(text), "{text}");
    }
}

#[test]
fn a_record_with_many_fields_stays_small() {
    let fields: String = (0..2000).map(|i| format!("B:field_with_a_long_name_{i}:x")).collect();
    let html = plain(&format!("T{{{fields}}}"), &[9, 9], &[36000, 4000]);
    assert!(html.contains("1988 more fields"));
}

#[test]
fn pointers_lead_to_blocks() {
    let html = picture("d", &[3, 4], &[8, 8], &[16, -1], &[]);
    assert!(html.contains("pointers of axis 0") && html.contains(">[2,:]<") && html.contains(">16 bytes<"));
}

#[test]
fn leading_axes_have_index_zero() {
    assert!(plain("d", &[5, 6, 4, 3], &[432, 72, 24, 8]).contains("[0, 0, :, :]"));
}

#[test]
fn values_and_titles_are_clipped_and_escaped() {
    let format = Format::parse(b"d").unwrap();
    let found = Found { format: &format, shape: &[2], strides: &[8], suboffsets: &[], readonly: true };
    let html = html(&found, "<script>", &["<1&2>".to_owned(), "1234567890".to_owned()]);
    assert!(
        html.contains("&lt;script&gt;")
            && html.contains(">&lt;1&amp;2&gt;<")
            && html.contains(">1234567\u{2026}<")
    );
    assert!(!html.contains("<script"));
}

#[test]
fn values_are_asked_for_the_last_two_axes() {
    assert_eq!(drawn_extents(&[5, 100, 3]), [1, 8, 3]);
    assert_eq!(drawn_extents(&[0]), [0]);
    assert!(drawn_extents(&[]).is_empty());
}
