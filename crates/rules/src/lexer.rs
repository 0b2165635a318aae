//! Text to tokens.

use crate::parser::SyntaxError;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TokenKind {
    Number { value: f64, fractional: bool },
    Text(String),
    Bool(bool),
    Null,
    Name(String),
    Eq,
    Ne,
    Lt,
    Gt,
    Le,
    Ge,
    Like,
    NotLike,
    Matches,
    Empty,
    NotEmpty,
    And,
    Or,
    Not,
    In,
    Is,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    LeftParen,
    RightParen,
    Comma,
    End,
}

impl TokenKind {
    /// The name of the token in messages.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Number { fractional: false, .. } => "INTEGER",
            Self::Number { fractional: true, .. } => "FLOAT",
            Self::Text(_) => "STRING",
            Self::Bool(_) => "BOOLEAN",
            Self::Null => "NULL",
            Self::Name(_) => "IDENTIFIER",
            Self::Eq => "EQ",
            Self::Ne => "NEQ",
            Self::Lt => "LT",
            Self::Gt => "GT",
            Self::Le => "LTE",
            Self::Ge => "GTE",
            Self::Like => "LIKE",
            Self::NotLike => "NLIKE",
            Self::Matches => "MATCHES",
            Self::Empty => "EMPTY",
            Self::NotEmpty => "NEMPTY",
            Self::And => "AND",
            Self::Or => "OR",
            Self::Not => "NOT",
            Self::In => "IN",
            Self::Is => "IS",
            Self::Plus => "PLUS",
            Self::Minus => "MINUS",
            Self::Star => "STAR",
            Self::Slash => "SLASH",
            Self::Percent => "PERCENT",
            Self::LeftParen => "LPAREN",
            Self::RightParen => "RPAREN",
            Self::Comma => "COMMA",
            Self::End => "EOF",
        }
    }
}

/// A token and the character offsets it spans.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

/// All tokens of `text`, the last one being `End`.
///
/// `double_equals` accepts `==` as another notation of `=`.
pub(crate) fn tokens(text: &str, double_equals: bool) -> Result<Vec<Token>, SyntaxError> {
    let chars: Vec<char> = text.chars().collect();
    let mut lexer = Lexer { chars: &chars, at: 0, double_equals };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next()?;
        let end = token.kind == TokenKind::End;
        tokens.push(token);
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
    double_equals: bool,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Result<Token, SyntaxError> {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let start = self.at;
        let kind = match self.peek(0) {
            None => TokenKind::End,
            Some(quote @ ('"' | '\'')) => self.text(quote)?,
            Some(c) if c.is_ascii_digit() => self.number()?,
            Some('@') if self.peek(1) == Some('@') => self.symbol('@')?,
            Some(c) if c.is_alphabetic() || c == '_' || c == '@' => self.name(),
            Some(c) => self.symbol(c)?,
        };
        Ok(Token { kind, start, end: self.at })
    }

    fn text(&mut self, quote: char) -> Result<TokenKind, SyntaxError> {
        self.at += 1;
        let mut value = String::new();
        while let Some(c) = self.peek(0) {
            self.at += 1;
            match (c, self.peek(0)) {
                (c, _) if c == quote => return Ok(TokenKind::Text(value)),
                ('\\', Some(escaped @ ('"' | '\'' | '\\'))) => {
                    self.at += 1;
                    value.push(escaped);
                }
                _ => value.push(c),
            }
        }
        Err(SyntaxError::at("Unterminated string literal", self.at))
    }

    fn number(&mut self) -> Result<TokenKind, SyntaxError> {
        let start = self.at;
        let mut fractional = false;
        while let Some(c) = self.peek(0) {
            if c == '.' && !fractional {
                fractional = true;
            } else if !c.is_ascii_digit() {
                break;
            }
            self.at += 1;
        }
        let digits: String = self.chars[start..self.at].iter().collect();
        match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(TokenKind::Number { value, fractional }),
            _ => Err(SyntaxError::at("Number out of range", start)),
        }
    }

    fn name(&mut self) -> TokenKind {
        let start = self.at;
        while self.peek(0).is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '@')) {
            if self.peek(0) == Some('@') && self.peek(1) == Some('@') {
                break;
            }
            self.at += 1;
        }
        let name: String = self.chars[start..self.at].iter().collect();
        keyword(&name).unwrap_or(TokenKind::Name(name))
    }

    fn symbol(&mut self, c: char) -> Result<TokenKind, SyntaxError> {
        let (next, after) = (self.peek(1), self.peek(2));
        let (kind, length) = match (c, next) {
            ('=', Some('=')) if self.double_equals => (TokenKind::Eq, 2),
            ('=', _) => (TokenKind::Eq, 1),
            ('!', Some('=')) => (TokenKind::Ne, 2),
            ('!', Some('~')) => (TokenKind::NotLike, 2),
            ('!', _) => (TokenKind::Not, 1),
            ('<', Some('=')) => (TokenKind::Le, 2),
            ('<', _) => (TokenKind::Lt, 1),
            ('>', Some('=')) => (TokenKind::Ge, 2),
            ('>', _) => (TokenKind::Gt, 1),
            ('~', _) => (TokenKind::Like, 1),
            ('@', Some('@')) => (TokenKind::Matches, 2),
            ('?', Some('=')) => (TokenKind::Empty, 2),
            ('?', Some('!')) if after == Some('=') => (TokenKind::NotEmpty, 3),
            ('&', Some('&')) => (TokenKind::And, 2),
            ('|', Some('|')) => (TokenKind::Or, 2),
            ('&' | '|', _) => {
                let message = format!("Unexpected character '{c}'. Did you mean '{c}{c}'?");
                return Err(SyntaxError::at(message, self.at));
            }
            ('+', _) => (TokenKind::Plus, 1),
            ('-', _) => (TokenKind::Minus, 1),
            ('*', _) => (TokenKind::Star, 1),
            ('/', _) => (TokenKind::Slash, 1),
            ('%', _) => (TokenKind::Percent, 1),
            ('(', _) => (TokenKind::LeftParen, 1),
            (')', _) => (TokenKind::RightParen, 1),
            (',', _) => (TokenKind::Comma, 1),
            _ => return Err(SyntaxError::at(format!("Invalid character '{c}'"), self.at)),
        };
        self.at += length;
        Ok(kind)
    }
}

/// `NOT` is no keyword: as the first word of an expression it is a name.
fn keyword(word: &str) -> Option<TokenKind> {
    let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
    if is("true") {
        Some(TokenKind::Bool(true))
    } else if is("false") {
        Some(TokenKind::Bool(false))
    } else if is("null") {
        Some(TokenKind::Null)
    } else if is("in") {
        Some(TokenKind::In)
    } else if is("is") {
        Some(TokenKind::Is)
    } else {
        None
    }
}
