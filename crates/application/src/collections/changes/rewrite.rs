//! What mentions a field or a collection by name follows it to its new name: rules, lists of fields,
//! computed fields and the references of others.

use std::collections::HashMap;

use snackbase_domain::collection::{Collection, FieldList, FieldType};
use snackbase_rules::{CompareOp, Expr, Literal, parse};

/// What a collection's rules are called in messages, and computed fields.
pub(super) fn mentions(of: &Collection, place: &str) -> String {
    format!("{place} of '{}'", of.name)
}

/// Calls `visit` with every expression of a collection and what it is called. Those that cannot be
/// read are left alone.
pub(super) fn expressions(collection: &Collection, visit: &mut dyn FnMut(&str, &Expr)) {
    for (key, rule) in collection.rules.all() {
        if let Some(expr) = rule.and_then(|rule| parse(rule).ok()) {
            visit(&mentions(collection, key), &expr);
        }
    }
    for field in &collection.fields {
        if let FieldType::Computed(computed) = &field.ty
            && let Ok(expr) = parse(&computed.expression)
        {
            visit(&mentions(collection, &format!("computed field '{}'", field.name)), &expr);
        }
    }
}

/// Changes every expression of a collection by `change`, which tells whether it did.
fn rewrite(collection: &mut Collection, change: &mut dyn FnMut(&mut Expr) -> bool) {
    let mut changed = |text: &str| {
        let mut expr = parse(text).ok()?;
        let mut any = false;
        expr.walk_mut(&mut |part| any |= change(part));
        any.then(|| expr.to_string())
    };
    for rule in collection.rules.all_mut() {
        if let Some(text) = rule.as_deref().and_then(&mut changed) {
            *rule = Some(text);
        }
    }
    for field in &mut collection.fields {
        if let FieldType::Computed(computed) = &mut field.ty
            && let Some(text) = changed(&computed.expression)
        {
            computed.expression = text;
        }
    }
}

/// The references of each collection: by its name and the field's, the target.
pub(super) type References = HashMap<(String, String), String>;

pub(super) fn references(all: &[Collection]) -> References {
    let each = all.iter().flat_map(|collection| {
        collection.fields.iter().filter_map(|field| {
            let target = field.reference()?.collection.clone();
            Some(((collection.name.to_string(), field.name.to_string()), target))
        })
    });
    each.collect()
}

/// Whether a name, which may lead through references, comes by a field of a collection: the position
/// of that step.
pub(super) fn step_of(
    name: &str,
    from: &Collection,
    (collection, field): (&str, &str),
    references: &References,
) -> Option<usize> {
    let mut at = from.name.to_string();
    for (position, step) in name.split('.').enumerate() {
        if at == collection && step == field {
            return Some(position);
        }
        at = references.get(&(at, step.to_owned()))?.clone();
    }
    None
}

/// The rules that look for words of a field.
pub(in crate::collections) fn searches(all: &[Collection], of: &str, field: &str) -> Vec<String> {
    let references = references(all);
    let mut users = Vec::new();
    for collection in all {
        expressions(collection, &mut |place, expr| {
            let mut used = false;
            expr.walk(&mut |part| {
                if let Expr::Compare { op: CompareOp::Matches, left, .. } = part
                    && let Expr::Field { name, .. } = &**left
                {
                    let steps = name.split('.').count();
                    let found = step_of(name, collection, (of, field), &references);
                    used |= found.is_some_and(|position| position + 1 == steps);
                }
            });
            if used {
                users.push(place.to_owned());
            }
        });
    }
    users
}

/// Renames a field in everything that mentions it.
pub(super) fn rename_field(all: &mut [Collection], collection: &str, from: &str, to: &str) {
    let references = references(all);
    for other in all.iter_mut() {
        let own = other.name.as_str() == collection;
        let known = other.clone();
        rewrite(other, &mut |expr| match expr {
            Expr::Field { name, .. } => {
                let Some(position) = step_of(name, &known, (collection, from), &references) else {
                    return false;
                };
                let mut steps: Vec<_> = name.split('.').collect();
                steps[position] = to;
                *name = steps.join(".");
                true
            }
            Expr::Variable { name, .. } if own => {
                let sent = name.strip_prefix("@request.data.");
                let renamed = sent.filter(|sent| *sent == from).map(|_| format!("@request.data.{to}"));
                renamed.map(|renamed| *name = renamed).is_some()
            }
            Expr::Macro { name, args, .. } if own && name == "owns_record" => match args.first_mut() {
                Some(Expr::Literal(Literal::Text(text))) if text == from => {
                    to.clone_into(text);
                    true
                }
                _ => false,
            },
            _ => false,
        });
        if own {
            lists(other, |names| {
                names.iter_mut().filter(|name| *name == from).for_each(|name| *name = to.to_owned());
            });
        }
    }
}

/// Takes a field out of the lists of its collection.
pub(super) fn forget_field(collection: &mut Collection, field: &str) {
    lists(collection, |names| names.retain(|name| name != field));
}

fn lists(collection: &mut Collection, change: impl Fn(&mut Vec<String>)) {
    let rules = &mut collection.rules;
    for list in
        [&mut rules.list_fields, &mut rules.view_fields, &mut rules.create_fields, &mut rules.update_fields]
    {
        if list == FieldList::ALL {
            continue;
        }
        let Ok(before) = serde_json::from_str::<Vec<String>>(list) else { continue };
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            *list = serde_json::Value::from(after).to_string();
        }
    }
}

/// Renames a collection in everything that mentions it: references, and `@has_permission()`.
pub(super) fn rename_collection(all: &mut [Collection], from: &str, to: &str) {
    for other in all.iter_mut() {
        rewrite(other, &mut |expr| match expr {
            Expr::Macro { name, args, .. } if name == "has_permission" => match args.get_mut(1) {
                Some(Expr::Literal(Literal::Text(text))) if text == from => {
                    to.clone_into(text);
                    true
                }
                _ => false,
            },
            _ => false,
        });
        for field in &mut other.fields {
            if let FieldType::Reference(reference) = &mut field.ty
                && reference.collection == from
            {
                to.clone_into(&mut reference.collection);
            }
        }
    }
}
