//! Maps and sets that hash, without the random seed of the standard library's own.
//!
//! That seed is taken from the system behind everybody's back, and where the system has none, it is a
//! panic; here all randomness is injected. With a fixed seed, runs are also the same everywhere. (Names
//! that collide can be searched for then; but each costs a search, and there are 5,000 at most.)

#![allow(clippy::disallowed_types, reason = "this is where they get another seed")]

use std::hash::{BuildHasherDefault, DefaultHasher};

/// [`std::collections::HashMap`] with a fixed seed.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<DefaultHasher>>;
/// [`std::collections::HashSet`] with a fixed seed.
pub(crate) type HashSet<T> = std::collections::HashSet<T, BuildHasherDefault<DefaultHasher>>;
