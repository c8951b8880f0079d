//! The look of every page: plain, readable without style sheets, the same element ids every time.

use std::fmt::Write;

/// Makes text safe inside HTML text and double-quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
        out
    })
}

/// A page under construction. `<body data-page="…">` carries the page id.
pub(crate) struct Page {
    id: String,
    title: String,
    brand: &'static str,
    body: String,
}

impl Page {
    pub(crate) fn new(brand: &'static str, id: &str, title: &str) -> Self {
        Self { id: id.to_owned(), title: title.to_owned(), brand, body: String::new() }
    }

    /// A paragraph; a non-empty `id` becomes its element id.
    pub(crate) fn text(mut self, id: &str, text: &str) -> Self {
        let attribute = if id.is_empty() { String::new() } else { format!(" id=\"{id}\"") };
        let _ = writeln!(self.body, "<p{attribute}>{}</p>", escape(text));
        self
    }

    pub(crate) fn list(mut self, id: &str, items: &[String]) -> Self {
        let _ = writeln!(self.body, "<ul id=\"{id}\">");
        for item in items {
            let _ = writeln!(self.body, "<li>{}</li>", escape(item));
        }
        self.body.push_str("</ul>\n");
        self
    }

    pub(crate) fn link(mut self, id: &str, target: &str, text: &str) -> Self {
        let _ = writeln!(self.body, "<p><a id=\"{id}\" href=\"{}\">{}</a></p>", escape(target), escape(text));
        self
    }

    /// A form that posts to the address it stands at; `inner` is HTML made by [`field`], [`tick`] and [`button`].
    pub(crate) fn form(mut self, hidden: &[(&str, &str)], inner: &[String]) -> Self {
        self.body.push_str("<form method=\"post\">\n");
        for (name, value) in hidden {
            let _ =
                writeln!(self.body, "<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value));
        }
        for part in inner {
            self.body.push_str(part);
            self.body.push('\n');
        }
        self.body.push_str("</form>\n");
        self
    }

    pub(crate) fn finish(self) -> String {
        let title = escape(&self.title);
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>Practice – {title}</title>\n<style>{STYLE}</style>\n</head>\n\
             <body data-page=\"{id}\">\n<main>\n<p id=\"brand\">Practice cloud · {brand} · not a real sign-in</p>\n\
             <h1 id=\"heading\">{title}</h1>\n{body}</main>\n</body>\n</html>\n",
            id = escape(&self.id),
            brand = self.brand,
            body = self.body,
        )
    }
}

const STYLE: &str = "body{font:16px/1.5 sans-serif;background:#f3f3f3;color:#1b1b1b;margin:0}\
main{max-width:30rem;margin:3rem auto;background:#fff;padding:2rem;border:1px solid #ccc}\
h1{font-size:1.4rem}#brand{color:#555;font-size:.85rem}label{display:block;margin:.8rem 0}\
input[type=email],input[type=password],textarea{width:100%;box-sizing:border-box;padding:.5rem;font:inherit}\
button{font:inherit;padding:.5rem 1.2rem;margin:.5rem .5rem 0 0}#error{color:#a4262c}\
.account{display:block;width:100%;text-align:left}";

/// A labelled input.
pub(crate) fn field(id: &str, kind: &str, label: &str, value: &str) -> String {
    format!(
        "<label for=\"{id}\">{}<input id=\"{id}\" name=\"{id}\" type=\"{kind}\" value=\"{}\"></label>",
        escape(label),
        escape(value)
    )
}

/// A labelled text box.
pub(crate) fn area(id: &str, label: &str) -> String {
    format!("<label for=\"{id}\">{}<textarea id=\"{id}\" name=\"{id}\" rows=\"3\"></textarea></label>", escape(label))
}

/// A labelled tick box.
pub(crate) fn tick(id: &str, name: &str, value: &str, label: &str, ticked: bool) -> String {
    let ticked = if ticked { " checked" } else { "" };
    format!(
        "<label for=\"{id}\"><input id=\"{id}\" name=\"{}\" type=\"checkbox\" value=\"{}\"{ticked}> {}</label>",
        escape(name),
        escape(value),
        escape(label)
    )
}

/// A button that sends `action=value`.
pub(crate) fn button(id: &str, value: &str, label: &str) -> String {
    format!("<button id=\"{id}\" name=\"action\" value=\"{}\">{}</button>", escape(value), escape(label))
}

/// A button that picks an account.
pub(crate) fn account_button(id: &str, address: &str) -> String {
    format!(
        "<button id=\"{id}\" class=\"account\" name=\"account\" value=\"{}\">{}</button>",
        escape(address),
        escape(address)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_typed_stays_text() {
        let page = Page::new("Microsoft", "error-code", "<b>").text("error", "\"><script>").finish();
        assert!(!page.contains("<script>"));
        assert!(page.contains("<title>Practice – &lt;b&gt;</title>"));
    }
}
