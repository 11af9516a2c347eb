//! Two lists laid beside each other by a key.

use std::cmp::Ordering;

use super::Pair;
use crate::order;

/// What stands under one key in only one of the lists, or otherwise in each; and how much is the
/// same. Of several things under one key in one list, the first counts.
pub(super) fn by_key<K: Ord + Clone, V: PartialEq + Clone>(
    mut left: Vec<(K, V)>,
    mut right: Vec<(K, V)>,
) -> (Vec<Pair<K, V>>, usize) {
    order::sort_by(&mut left, |a, b| a.0.cmp(&b.0));
    order::sort_by(&mut right, |a, b| a.0.cmp(&b.0));
    left.dedup_by(|later, first| later.0 == first.0);
    right.dedup_by(|later, first| later.0 == first.0);
    let order = |a: usize, b: usize| match (left.get(a), right.get(b)) {
        (Some(a), Some(b)) => a.0.cmp(&b.0),
        (Some(_), None) => Ordering::Less,
        _ => Ordering::Greater,
    };
    let mut same = 0;
    let mut pairs = Vec::new();
    for (a, b) in positions(left.len(), right.len(), &order) {
        let (a, b) = (a.and_then(|a| left.get(a)), b.and_then(|b| right.get(b)));
        let (a_value, b_value) = (a.map(|a| &a.1), b.map(|b| &b.1));
        match a.or(b) {
            Some(_) if a_value == b_value => same += 1,
            Some((what, _)) => pairs.push(Pair {
                what: what.clone(),
                left: a_value.cloned(),
                right: b_value.cloned(),
            }),
            None => {}
        }
    }
    (pairs, same)
}

/// Steps through two sorted lists; one piece of code for all types.
fn positions(
    left: usize,
    right: usize,
    order: &dyn Fn(usize, usize) -> Ordering,
) -> Vec<(Option<usize>, Option<usize>)> {
    let (mut a, mut b) = (0, 0);
    let mut steps = Vec::with_capacity(left.max(right));
    while a < left || b < right {
        let next = order(a, b);
        let (has_left, has_right) = (next != Ordering::Greater, next != Ordering::Less);
        steps.push((has_left.then_some(a), has_right.then_some(b)));
        a += usize::from(has_left);
        b += usize::from(has_right);
    }
    steps
}
