//! A canvas for SVG, with the shapes that the picture needs.
//! Texts take the color of the page, and fills are translucent, so that one picture suits light and dark pages.

/// The largest width of the picture in pixels.
pub(super) const WIDTH: f64 = 640.0;
/// The size of the texts that explain.
pub(super) const NORMAL: f64 = 10.0;
/// The size of the texts inside boxes.
pub(super) const SMALL: f64 = 9.0;
/// The size of the numbers beside boxes.
pub(super) const TINY: f64 = 8.0;

/// Where a text is, relative to its point.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How the edge of a shape is drawn.
#[derive(Clone, Copy)]
pub(super) enum Edge {
    Solid,
    Dashed,
}

/// A rectangle, in pixels.
#[derive(Clone, Copy)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The text of an SVG that is being drawn.
#[derive(Default)]
pub(super) struct Canvas {
    /// The shapes that have their own attributes.
    body: String,
    /// One path with all solid lines, and one with all dashed ones. A page with thousands of boxes stays small that way.
    solid: String,
    dashed: String,
    /// The right edge of everything that has been drawn.
    right: f64,
}

impl Canvas {
    /// Draws a text of one line. `opacity` is 1 for text that matters most.
    pub(super) fn text(&mut self, [x, y]: [f64; 2], size: f64, anchor: Anchor, opacity: f64, text: &str) {
        let width = text_width(text, size);
        let (anchor, right) = match anchor {
            Anchor::Start => ("", x + width),
            Anchor::Middle => (" text-anchor=\"middle\"", x + width / 2.0),
            Anchor::End => (" text-anchor=\"end\"", x),
        };
        self.right = self.right.max(right);
        let opacity = if opacity < 1.0 { format!(" opacity=\"{opacity}\"") } else { String::new() };
        let (x, y, text) = (pixels(x), pixels(y), escape(text));
        self.body +=
            &format!("<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{anchor}{opacity}>{text}</text>");
    }

    /// Fills a rectangle with the color at `shade`, which is from 0 to 1.
    pub(super) fn fill(&mut self, area: Area, shade: f64) {
        self.right = self.right.max(area.x + area.width);
        let blend = |from: f64, to: f64| from + (to - from) * shade;
        let [red, green, blue] =
            [blend(45.0, 109.0), blend(190.0, 40.0), blend(245.0, 217.0)].map(|part| part as u8);
        let opacity = blend(0.2, 0.6);
        let [x, y, width, height] = [area.x, area.y, area.width, area.height].map(pixels);
        self.body += &format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"#{red:02x}{green:02x}{blue:02x}\" fill-opacity=\"{opacity:.2}\"/>"
        );
    }

    /// Draws the edge of a rectangle.
    pub(super) fn frame(&mut self, area: Area, edge: Edge) {
        self.right = self.right.max(area.x + area.width);
        let [x, y, width, height] = [area.x, area.y, area.width, area.height].map(pixels);
        self.lines(&format!("M{x} {y}h{width}v{height}h-{width}z"), edge);
    }

    /// Draws lines along an SVG path.
    pub(super) fn lines(&mut self, path: &str, edge: Edge) {
        match edge {
            Edge::Solid => self.solid += path,
            Edge::Dashed => self.dashed += path,
        }
    }

    /// Draws the head of an arrow with its tip at a point. `back` is the direction from the tip to the shaft.
    pub(super) fn arrow_head(&mut self, [x, y]: [f64; 2], back: [f64; 2]) {
        let [dx, dy] = [back[0] * 6.0, back[1] * 6.0];
        let [one, two] = [[x + dx - dy / 2.0, y + dy + dx / 2.0], [x + dx + dy / 2.0, y + dy - dx / 2.0]];
        let point = |[x, y]: [f64; 2]| format!("{} {}", pixels(x), pixels(y));
        self.body +=
            &format!("<path d=\"M{}L{}L{}z\" fill-opacity=\".75\"/>", point([x, y]), point(one), point(two));
    }

    /// Fills a rectangle with slanted lines. Patterns of SVG are not used, because they need names that are unique in a page.
    pub(super) fn hatch(&mut self, area: Area) {
        let Area { x, y, width, height } = area;
        let mut path = String::new();
        let mut start = -height + 3.0;
        while start < width {
            // The line goes up from the point `start` of the lower edge, and is cut where it leaves the rectangle.
            let (left, right) = (start.max(0.0), (start + height).min(width));
            let (low, high) = (y + height - (left - start), y + height - (right - start));
            path += &format!("M{} {}L{} {}", pixels(x + left), pixels(low), pixels(x + right), pixels(high));
            start += 5.0;
        }
        self.body +=
            &format!("<path d=\"{path}\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\".35\"/>");
    }

    /// Returns the whole SVG, in a box that scrolls where the page is narrower. A picture that shrinks cannot be read.
    pub(super) fn finish(self, height: f64, label: &str) -> String {
        let Self { body, solid, dashed, right } = self;
        let (width, height) = (pixels((right + 1.0).ceil().min(WIDTH)), pixels(height));
        let lines = format!(
            "<g fill=\"none\" stroke=\"currentColor\"><path d=\"{solid}\" stroke-opacity=\".6\"/><path d=\"{dashed}\" stroke-opacity=\".5\" stroke-dasharray=\"2 2\"/></g>"
        );
        format!(
            "<div style=\"overflow-x:auto\"><svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{label}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" style=\"max-width:none;display:block\" font-family=\"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace\" fill=\"currentColor\">{body}{lines}</svg></div>"
        )
    }
}

/// Returns a number of pixels with at most one decimal.
pub(super) fn pixels(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// Returns how wide a text is, for fonts whose characters have one width.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.61
}

/// Returns the text, or its first characters and an ellipsis if it has more than `limit` characters.
pub(super) fn clip(text: &str, limit: usize) -> String {
    if text.chars().nth(limit).is_none() {
        return text.to_owned();
    }
    text.chars().take(limit.saturating_sub(1)).chain(['\u{2026}']).collect()
}

/// Returns the text with the characters replaced that HTML does not allow.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ if character.is_control() => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Returns a number of bytes with its unit.
pub(super) fn byte_count(bytes: i128) -> String {
    format!("{bytes} {}", if bytes == 1 { "byte" } else { "bytes" })
}
