//! Exporters' offsets: each field is read at the offset that NumPy or ctypes gives it.
//! The table was written once by `exporters.py`, so no Python runs here.

use typedview::Format;

/// Collects each element that is not a record with its offset: `r.d@0`, and `r'.d@16` for that of the second item.
fn leaves(format: &Format, path: &str, offset: usize, found: &mut Vec<String>) {
    if let Some(fields) = format.fields() {
        for field in fields {
            let dot = if path.is_empty() { "" } else { "." };
            let path = format!("{path}{dot}{}", field.name().unwrap());
            leaves(field.format(), &path, offset + field.offset(), found);
        }
    } else if let Some((shape, item)) = format.subarray() {
        leaves(item, path, offset, found);
        if shape.iter().product::<usize>() > 1 {
            leaves(item, &format!("{path}'"), offset + item.itemsize(), found);
        }
    } else {
        found.push(format!("{path}@{offset}"));
    }
}

/// Checks the offsets of all lines of a table, and returns the refusals of the lines that cannot be read.
fn wrong(table: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in table.lines() {
        let [format, itemsize, places] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let itemsize = itemsize.parse().unwrap();
        match Format::parse_sized(format.as_bytes(), itemsize) {
            Ok(read) => {
                let mut found = Vec::new();
                leaves(&read, "", 0, &mut found);
                assert_eq!(found.join(" "), places, "{format} {itemsize}");
                assert_eq!(read.itemsize(), itemsize);
                assert_eq!(Format::parse_sized(read.to_pep3118().as_bytes(), itemsize), Ok(read));
            }
            Err(error) => wrong.push(error.to_string()),
        }
    }
    wrong
}

/// Checks that fields are read where NumPy and ctypes have them, and that refused formats have two readings.
#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn offsets_are_those_of_the_exporter() {
    let refused = [
        "format 'T{T{d:d:B:b:}:r:xxxxxxxB:c:}' with itemsize 24 has two readings: \
         offset 23 or offset 16 in field c",
        "format 'T{(2)T{d:d:B:b:}:r:xxxxxxxxxxxxxxB:c:}' has two readings: \
         the records at column 3 are 9 or 16 bytes apart",
        "format 'T{B:c:xxxxxxx(2,3)T{d:d:B:b:}:r:}' has two readings: \
         the records at column 14 are 9 or 16 bytes apart",
        "format 'T{B:c:(2,3)T{=d:d:B:b:}:r:}' has two readings: the records at column 7 are 9 or 16 bytes apart",
        "format 'T{T{h:x:B:y:}:p:xB:q:}' with itemsize 6 has two readings: offset 5 or offset 4 in field q",
        "format 'T{T{d:d:B:b:}:r:B:c:}' with itemsize 24 has two readings: offset 16 or offset 9 in field c",
    ];
    assert_eq!(wrong(include_str!("exporters.txt")), refused);
}

/// Checks a longer table, which `exporters.py 20000` writes into the file that the variable `EXPORTERS` names.
#[test]
#[ignore = "needs a table of records made by chance, in EXPORTERS"]
fn offsets_of_records_made_by_chance_are_those_of_the_exporter() {
    let table = std::fs::read_to_string(std::env::var("EXPORTERS").unwrap()).unwrap();
    let refused = wrong(&table);
    for text in &refused {
        assert!(text.contains(" has two readings: "), "{text}");
    }
    println!("{} of {} refused", refused.len(), table.lines().count());
}
