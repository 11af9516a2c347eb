//! Sorting, without a copy of the algorithm for every type that is sorted.
//!
//! The standard library's stable sort becomes about four kilobytes of code for each type and each
//! comparison, which the browser has to load before anything is shown. Here one sort of positions
//! serves all types, for one indirect call a comparison. The order is stable.

use std::cmp::Ordering;

/// Sorts by the order of the type.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts by what `key` gives for an item; it is asked again for each comparison.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by what `key` gives for an item, where that takes longer than a comparison: it is asked once
/// for each.
pub fn sorted_by_cached_key<T, K: Ord>(items: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut keyed: Vec<_> = items.into_iter().map(|item| (key(&item), item)).collect();
    sort_by(&mut keyed, |(a, _), (b, _)| a.cmp(b));
    keyed.into_iter().map(|(_, item)| item).collect()
}

/// Sorts by a comparison.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut sources = positions(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    // Each item goes where it belongs along the cycles of the permutation.
    for start in 0..items.len() {
        let mut at = start;
        while let Some(place) = sources.get_mut(at) {
            let from = std::mem::replace(place, at);
            if from == start || from == at {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

/// For each place in the order, the position of the item that comes there.
fn positions(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..count).collect();
    positions.sort_by(|a, b| compare(*a, *b));
    positions
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_the_standard_library(items: Vec<u8>) {
            let mut ours: Vec<(usize, u8)> = items.into_iter().enumerate().collect();
            let mut expected = ours.clone();
            // By half of the value: many are equal, and must stay in the order in which they came.
            sort_by_key(&mut ours, |(_, value)| value / 2);
            expected.sort_by_key(|(_, value)| value / 2);
            prop_assert_eq!(&ours, &expected);
            ours = sorted_by_cached_key(ours, |(_, value)| value % 3);
            expected.sort_by_key(|(_, value)| value % 3);
            prop_assert_eq!(&ours, &expected);
            sort(&mut ours);
            expected.sort();
            prop_assert_eq!(ours, expected);
        }
    }
}
