//! Tokens to a syntax tree, by recursive descent.
//!
//! ```text
//! or    := and ( "||" and )*
//! and   := not ( "&&" not )*
//! not   := "!" not | cmp
//! cmp   := sum [ ("=" | "!=" | "<" | ">" | "<=" | ">=" | "~" | "!~" | "@@") sum
//!              | [NOT] IN "(" sum ("," sum)* ")" | IS [NOT] NULL
//!              | ("?=" | "?!=") NULL ]
//! sum   := prod ( ("+" | "-") prod )*
//! prod  := atom ( ("*" | "/" | "%") atom )*
//! atom  := number | string | TRUE | FALSE | NULL | name
//!        | name "(" [or ("," or)*] ")" | "-" atom | "(" or ")"
//! ```

use thiserror::Error;

use crate::ast::{ArithOp, CompareOp, Expr, Literal, Span};
use crate::lexer::{Token, TokenKind, tokens};
use crate::limits::{MAX_EXPRESSION_CHARS, MAX_EXPRESSION_DEPTH, MAX_LIST_ITEMS, MAX_PATTERN_CHARS};

/// Text that is no expression.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", .position.map_or_else(|| .message.clone(), |p| format!("{} at position {p}", .message)))]
pub struct SyntaxError {
    /// What is wrong, without the position.
    pub message: String,
    /// Character offset of the offending token, counted from 0.
    pub position: Option<usize>,
}

impl SyntaxError {
    pub(crate) fn at(message: impl Into<String>, position: usize) -> Self {
        Self { message: message.into(), position: Some(position) }
    }

    fn too_complex() -> Self {
        Self { message: "Expression is too complex".into(), position: None }
    }
}

/// Parses a rule, a filter or the expression of a computed field.
///
/// # Errors
/// The first violation of the grammar; `Expression is too complex` for text of
/// more than 8192 characters or nesting deeper than 100.
pub fn parse(text: &str) -> Result<Expr, SyntaxError> {
    Parser::run(text, false)
}

/// Parses a condition of the automation engine: the grammar of [`parse`] with
/// `==` for `=`, and `IS [NOT] EMPTY`.
///
/// # Errors
/// As [`parse`].
pub fn parse_condition(text: &str) -> Result<Expr, SyntaxError> {
    Parser::run(text, true)
}

/// A subtree and the height of its tree.
struct Parsed {
    expr: Expr,
    height: usize,
}

impl Parsed {
    fn leaf(expr: Expr) -> Self {
        Self { expr, height: 1 }
    }
}

type Step = Result<Parsed, SyntaxError>;

pub(crate) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    extended: bool,
}

impl Parser {
    fn run(text: &str, extended: bool) -> Result<Expr, SyntaxError> {
        if text.chars().count() > MAX_EXPRESSION_CHARS {
            return Err(SyntaxError::too_complex());
        }
        let mut parser = Self { tokens: tokens(text, extended)?, at: 0, depth: 0, extended };
        let parsed = parser.or()?;
        match parser.peek() {
            TokenKind::End => Ok(parsed.expr),
            _ => Err(SyntaxError::at("Unexpected token after expression", parser.position())),
        }
    }

    /// A parser at the beginning of a text, for those who take it apart.
    pub(crate) fn over(text: &str) -> Result<Self, SyntaxError> {
        Ok(Self { tokens: tokens(text, false)?, at: 0, depth: 0, extended: false })
    }

    /// How many tokens there are, without the end of the text.
    pub(crate) fn last(&self) -> usize {
        self.tokens.len() - 1
    }

    /// Which token is the current one.
    pub(crate) fn index(&self) -> usize {
        self.at
    }

    pub(crate) fn go_to(&mut self, index: usize) {
        self.at = index;
    }

    /// Where tokens stand: character offsets of the first one's start and the last one's end.
    pub(crate) fn place(&self, from: usize, to: usize) -> (usize, usize) {
        (self.tokens[from].start, self.tokens[to - 1].end)
    }

    /// An operand of `&&` or `||`.
    pub(crate) fn operand(&mut self) -> Result<Expr, SyntaxError> {
        self.not().map(|parsed| parsed.expr)
    }

    fn peek(&self) -> &TokenKind {
        &self.tokens[self.at].kind
    }

    fn position(&self) -> usize {
        self.tokens[self.at].start
    }

    /// Steps over the current token; the end of the text is never passed.
    fn advance(&mut self) -> Token {
        let token = self.tokens[self.at].clone();
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    pub(crate) fn take(&mut self, kind: &TokenKind) -> bool {
        let found = self.peek() == kind;
        if found {
            self.at += 1;
        }
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), TokenKind::Name(name) if name.eq_ignore_ascii_case(word));
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, kind: &TokenKind) -> Result<Token, SyntaxError> {
        if self.peek() == kind {
            return Ok(self.advance());
        }
        let message = format!("Expected {}, found {}", kind.name(), self.peek().name());
        Err(SyntaxError::at(message, self.position()))
    }

    /// Runs `inner` one level deeper.
    fn nested<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        if self.depth == MAX_EXPRESSION_DEPTH {
            return Err(SyntaxError::too_complex());
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// Builds a node over operands of the given height.
    fn node(height: usize, expr: Expr) -> Step {
        if height >= MAX_EXPRESSION_DEPTH {
            return Err(SyntaxError::too_complex());
        }
        Ok(Parsed { expr, height: height + 1 })
    }

    fn or(&mut self) -> Step {
        self.chain(&TokenKind::Or, Self::and, Expr::Or)
    }

    fn and(&mut self) -> Step {
        self.chain(&TokenKind::And, Self::not, Expr::And)
    }

    fn chain(
        &mut self,
        separator: &TokenKind,
        operand: fn(&mut Self) -> Step,
        build: fn(Vec<Expr>) -> Expr,
    ) -> Step {
        let first = operand(self)?;
        if self.peek() != separator {
            return Ok(first);
        }
        let (mut terms, mut height) = (vec![first.expr], first.height);
        while self.take(separator) {
            let term = operand(self)?;
            height = height.max(term.height);
            terms.push(term.expr);
        }
        Self::node(height, build(terms))
    }

    fn not(&mut self) -> Step {
        if self.take(&TokenKind::Not) {
            let inner = self.nested(Self::not)?;
            return Self::node(inner.height, Expr::Not(Box::new(inner.expr)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Step {
        let left = self.sum()?;
        let op = match self.peek() {
            TokenKind::Eq => CompareOp::Eq,
            TokenKind::Ne => CompareOp::Ne,
            TokenKind::Lt => CompareOp::Lt,
            TokenKind::Gt => CompareOp::Gt,
            TokenKind::Le => CompareOp::Le,
            TokenKind::Ge => CompareOp::Ge,
            TokenKind::Like => CompareOp::Like,
            TokenKind::NotLike => CompareOp::NotLike,
            TokenKind::Matches => CompareOp::Matches,
            TokenKind::In => return self.in_list(left, false),
            TokenKind::Is => return self.is(left),
            TokenKind::Empty | TokenKind::NotEmpty => {
                let negated = self.advance().kind == TokenKind::NotEmpty;
                self.expect(&TokenKind::Null)?;
                let expr = Box::new(left.expr);
                return Self::node(left.height, Expr::IsEmpty { expr, negated });
            }
            TokenKind::Name(word)
                if word.eq_ignore_ascii_case("not") && self.tokens[self.at + 1].kind == TokenKind::In =>
            {
                self.advance();
                return self.in_list(left, true);
            }
            _ => return Ok(left),
        };
        self.advance();
        let position = self.position();
        let right = self.sum()?;
        if matches!(op, CompareOp::Like | CompareOp::NotLike)
            && let Expr::Literal(Literal::Text(pattern)) = &right.expr
        {
            let length = pattern.chars().count();
            if length > MAX_PATTERN_CHARS {
                let message =
                    format!("At most {MAX_PATTERN_CHARS} characters of a pattern are allowed, got {length}");
                return Err(SyntaxError::at(message, position));
            }
        }
        let height = left.height.max(right.height);
        Self::node(height, Expr::compare(op, left.expr, right.expr))
    }

    fn in_list(&mut self, left: Parsed, negated: bool) -> Step {
        self.advance();
        self.expect(&TokenKind::LeftParen)?;
        let (list, height) = self.nested(|p| p.list(Self::sum))?;
        self.expect(&TokenKind::RightParen)?;
        if list.len() > MAX_LIST_ITEMS {
            let message = format!("At most {MAX_LIST_ITEMS} items of a list are allowed, got {}", list.len());
            return Err(SyntaxError { message, position: None });
        }
        let expr = Expr::In { expr: Box::new(left.expr), list, negated };
        Self::node(left.height.max(height), expr)
    }

    fn is(&mut self, left: Parsed) -> Step {
        self.advance();
        let negated = self.take_word("not");
        let expr = Box::new(left.expr);
        if self.extended && self.take_word("empty") {
            return Self::node(left.height, Expr::IsEmpty { expr, negated });
        }
        self.expect(&TokenKind::Null)?;
        Self::node(left.height, Expr::IsNull { expr, negated })
    }

    /// One or more operands with commas between them, and their greatest height.
    fn list(&mut self, operand: fn(&mut Self) -> Step) -> Result<(Vec<Expr>, usize), SyntaxError> {
        let first = operand(self)?;
        let (mut items, mut height) = (vec![first.expr], first.height);
        while self.take(&TokenKind::Comma) {
            let item = operand(self)?;
            height = height.max(item.height);
            items.push(item.expr);
        }
        Ok((items, height))
    }

    fn sum(&mut self) -> Step {
        self.arithmetic(Self::product, |kind| match kind {
            TokenKind::Plus => Some(ArithOp::Add),
            TokenKind::Minus => Some(ArithOp::Sub),
            _ => None,
        })
    }

    fn product(&mut self) -> Step {
        self.arithmetic(Self::atom, |kind| match kind {
            TokenKind::Star => Some(ArithOp::Mul),
            TokenKind::Slash => Some(ArithOp::Div),
            TokenKind::Percent => Some(ArithOp::Rem),
            _ => None,
        })
    }

    fn arithmetic(
        &mut self,
        operand: fn(&mut Self) -> Step,
        operator: fn(&TokenKind) -> Option<ArithOp>,
    ) -> Step {
        let mut left = operand(self)?;
        while let Some(op) = operator(self.peek()) {
            self.advance();
            let right = operand(self)?;
            let height = left.height.max(right.height);
            let expr = Expr::Binary { op, left: Box::new(left.expr), right: Box::new(right.expr) };
            left = Self::node(height, expr)?;
        }
        Ok(left)
    }

    fn atom(&mut self) -> Step {
        let Token { kind, start, end } = self.tokens[self.at].clone();
        let literal = match kind {
            TokenKind::Number { value, .. } => Literal::Number(value),
            TokenKind::Text(value) => Literal::Text(value),
            TokenKind::Bool(value) => Literal::Bool(value),
            TokenKind::Null => Literal::Null,
            TokenKind::Name(name) => {
                self.advance();
                return self.name(name, Span { start, end });
            }
            TokenKind::Minus => {
                self.advance();
                return self.negative();
            }
            TokenKind::LeftParen => {
                self.advance();
                let inner = self.nested(Self::or)?;
                self.expect(&TokenKind::RightParen)?;
                return Ok(inner);
            }
            other => {
                return Err(SyntaxError::at(format!("Unexpected token: {}", other.name()), start));
            }
        };
        self.advance();
        Ok(Parsed::leaf(Expr::Literal(literal)))
    }

    /// After a minus sign; with a number it makes a negative literal.
    fn negative(&mut self) -> Step {
        if let TokenKind::Number { value, .. } = *self.peek() {
            self.advance();
            return Ok(Parsed::leaf(Expr::Literal(Literal::Number(-value))));
        }
        let inner = self.nested(Self::atom)?;
        Self::node(inner.height, Expr::Neg(Box::new(inner.expr)))
    }

    fn name(&mut self, name: String, span: Span) -> Step {
        if !self.take(&TokenKind::LeftParen) {
            return Ok(Parsed::leaf(if name.starts_with('@') {
                Expr::Variable { name, span }
            } else {
                Expr::Field { name, span }
            }));
        }
        let (args, height) = if *self.peek() == TokenKind::RightParen {
            (Vec::new(), 0)
        } else {
            self.nested(|p| p.list(Self::or))?
        };
        self.expect(&TokenKind::RightParen)?;
        let expr = match name.strip_prefix('@') {
            Some(name) => Expr::Macro { name: name.to_owned(), args, span },
            None => Expr::Call { name: name.to_lowercase(), args, span },
        };
        Self::node(height, expr)
    }
}
