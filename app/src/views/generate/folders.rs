//! What stands in the tree of files: folders, the files of those that are open, and what a filter
//! leaves of both.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use pki_core::bundle::EXTRAS;
use pki_core::order;
use pki_core::plan::{Content, Owner, Plan};

/// Where what the components of a machine are told stands in the archive.
pub(super) const FLAGS: &str = "flags/";
/// Where people's own files stand in it.
const OPERATOR: &str = "operator";

/// What a machine or a person gets: a run of the files.
pub(super) struct Folder {
    /// `None` for the files beside the plan's.
    pub(super) owner: Option<Owner>,
    pub(super) files: Range<usize>,
}

/// A folder is remembered by its place, because the names change while they are typed; and apart
/// while there is a filter, which opens all that it finds: those are the odd keys.
pub(super) type Key = usize;

/// A line of the tree.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Row {
    pub(super) folder: usize,
    /// The number of the file; `None` for the folder itself.
    pub(super) file: Option<usize>,
    /// Its place among those beside it, from 0.
    pub(super) place: usize,
    /// How many stand beside each other there.
    pub(super) of: usize,
    /// Whether its folder is open.
    pub(super) open: bool,
    pub(super) key: Key,
}

/// The lines, and how many files there are in open folders and closed ones.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) plan: Arc<Plan>,
    /// All of them.
    pub(super) folders: Arc<Vec<Folder>>,
    pub(super) rows: Vec<Row>,
    pub(super) files: usize,
}

/// The folders of one plan are the same.
impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        let same = self.files == other.files && self.rows == other.rows;
        same && Arc::ptr_eq(&self.plan, &other.plan)
    }
}

/// A file of the archive: path, mode, and what the plan has for it.
type Entry<'p> = (&'p str, u32, Option<&'p Content>);

/// The file with this number: the plan's first, then those beside them.
pub(super) fn entry(plan: &Plan, index: usize) -> Option<Entry<'_>> {
    match plan.files.get(index) {
        Some(file) => Some((&file.path, file.mode, Some(&file.content))),
        None => EXTRAS.get(index - plan.files.len()).map(|(path, mode)| (*path, *mode, None)),
    }
}

/// The files of a plan stand sorted by path, so each owner's are one run. Control planes first.
fn folders(plan: &Plan) -> Vec<Folder> {
    let mut folders: Vec<Folder> = Vec::new();
    let mut path = "";
    for (index, file) in plan.files.iter().enumerate() {
        let here = folder_path(&file.path);
        match folders.last_mut() {
            // A machine has two: what is told to its components, and what is installed.
            Some(last) if last.owner.as_ref() == Some(&file.owner) && path == here => {
                last.files.end = index + 1;
            }
            _ => folders.push(Folder { owner: Some(file.owner.clone()), files: index..index + 1 }),
        }
        path = here;
    }
    let place = |folder: &Folder| {
        let (kind, index) = match folder.owner {
            Some(Owner::Operator) | None => (0, 0),
            Some(Owner::Vault) => (1, 0),
            Some(Owner::ControlPlane(index)) => (2, index),
            Some(Owner::Etcd(index)) => (3, index),
            Some(Owner::Worker(index)) => (4, index),
        };
        let path = folder.path(plan);
        let later = path.starts_with(FLAGS) || kind == 0 && path != OPERATOR;
        (kind, index, later)
    };
    let mut folders = order::sorted_by_cached_key(folders, place);
    let files = plan.files.len();
    folders.push(Folder { owner: None, files: files..files + EXTRAS.len() });
    folders
}

/// The lines of all folders with a file in whose path every word of the filter occurs, whatever
/// its case; `toggled` are the folders that are not open or closed as they are at first, and
/// `last` is what was found before, perhaps of the same plan.
pub(super) fn find(
    plan: Arc<Plan>,
    filter: &str,
    toggled: &HashSet<Key>,
    last: Option<&Found>,
) -> Found {
    let folders = match last.filter(|last| Arc::ptr_eq(&last.plan, &plan)) {
        Some(last) => last.folders.clone(),
        None => Arc::new(folders(&plan)),
    };
    let filter = filter.to_lowercase();
    let wanted: Vec<&str> = filter.split_whitespace().collect();
    let filtered = !wanted.is_empty();
    let is_wanted = |file: &usize| {
        !filtered
            || entry(&plan, *file).is_some_and(|(path, ..)| {
                let path = path.to_lowercase();
                wanted.iter().all(|word| path.contains(word))
            })
    };
    let (mut rows, mut files, mut heads) = (Vec::new(), 0, 0);
    for (folder, Folder { owner, files: run }) in folders.iter().enumerate() {
        let found: Vec<usize> = run.clone().filter(is_wanted).collect();
        if found.is_empty() {
            continue;
        }
        let key = 2 * folder + usize::from(filtered);
        // People's own folder and the first machine's are open at first.
        let first = match owner {
            Some(Owner::ControlPlane(0)) => !folders[folder].path(&plan).starts_with(FLAGS),
            owner => folder == 0 || owner.is_none(),
        };
        let open = toggled.contains(&key) != (first || filtered);
        rows.push(Row { folder, file: None, place: heads, of: 0, open, key });
        heads += 1;
        files += found.len();
        if open {
            let of = found.len();
            let file = |(place, file)| Row { folder, file: Some(file), place, of, open, key };
            rows.extend(found.into_iter().enumerate().map(file));
        }
    }
    for row in rows.iter_mut().filter(|row| row.file.is_none()) {
        row.of = heads;
    }
    Found { plan, folders, rows, files }
}

/// `hosts/cp1` of a machine's file, `vault` of `vault/pki/…`.
fn folder_path(path: &str) -> &str {
    let parts = match path.split('/').next() {
        Some("hosts" | "flags") => 2,
        _ => 1,
    };
    let end = path.match_indices('/').nth(parts - 1).map_or(path.len(), |(index, _)| index);
    path.get(..end).unwrap_or(path)
}

impl Folder {
    /// Path in the archive, `hosts/cp1` for example.
    pub(super) fn path<'p>(&self, plan: &'p Plan) -> &'p str {
        plan.files.get(self.files.start).map_or("", |file| folder_path(&file.path))
    }

    /// What a file is called in it.
    pub(super) fn name<'p>(&self, plan: &Plan, path: &'p str) -> &'p str {
        let inside = path.strip_prefix(self.path(plan));
        inside.map_or(path, |inside| inside.trim_start_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pki_core::design::Design;
    use pki_core::plan::Plan;

    use super::{Found, Key, entry, find};

    fn plan() -> Arc<Plan> {
        let design = "apiVersion: pki-workbench/v1\nkind: Design\ncontrolPlanes:\n- name: cp1\n  \
            addresses: [10.0.0.10]\nworkers:\n- name: w[1-9]\n  addresses: [10.1.0.1+]\n";
        let (design, _) = Design::read(design).expect("a design");
        Arc::new(Plan::new(design.check().0.expect("no error in it")))
    }

    fn looked_for(plan: &Arc<Plan>, filter: &str, toggled: &[Key]) -> Found {
        find(plan.clone(), filter, &toggled.iter().copied().collect(), None)
    }

    #[test]
    fn every_file_is_in_one_folder() {
        let plan = plan();
        let closed = looked_for(&plan, "", &[]);
        let count = closed.folders.len();
        let heads = closed.rows.iter().filter(|row| row.file.is_none());
        let shut: Vec<Key> = heads.filter(|row| !row.open).map(|row| row.key).collect();
        assert!(shut.len() > 18, "nine machines with two folders each");
        let all = looked_for(&plan, "", &shut);
        let mut files: Vec<usize> = all.rows.iter().filter_map(|row| row.file).collect();
        files.sort_unstable();
        assert_eq!(files, (0..all.files).collect::<Vec<_>>());
        assert_eq!(all.rows.len(), count + all.files);
        assert!(entry(&plan, all.files).is_none());
        assert_eq!(entry(&plan, all.files - 1).map(|(path, ..)| path), Some("SHA256SUMS"));
        for (at, row) in all.rows.iter().enumerate() {
            assert!(row.place < row.of, "{} of {}", row.place, row.of);
            if row.file.is_some() {
                let head = all.rows[at - row.place - 1];
                assert!(head.file.is_none() && head.folder == row.folder);
            }
        }
    }

    #[test]
    fn a_filter_takes_words_in_any_order_and_case() {
        let plan = plan();
        for filter in ["w7 kubelet.conf", "  KUBELET.conf W7 "] {
            let found = looked_for(&plan, filter, &[]);
            assert_eq!((found.files, found.rows.len()), (1, 2), "{filter}");
            let file = found.rows[1].file.and_then(|file| entry(&plan, file));
            assert_eq!(file.map(|(path, ..)| path), Some("hosts/w7/etc/kubernetes/kubelet.conf"));
            let folder = &found.folders[found.rows[0].folder];
            let name = file.map(|(path, ..)| folder.name(&plan, path));
            assert_eq!(name, Some("etc/kubernetes/kubelet.conf"));
            // Closed, it is still counted.
            let shut = looked_for(&plan, filter, &[found.rows[0].key]);
            assert_eq!((shut.files, shut.rows.len()), (1, 1));
        }
        assert!(looked_for(&plan, "w7 nothing", &[]).rows.is_empty());
        // What is opened without a filter is not closed by it.
        let found = looked_for(&plan, "w7", &(0..50).map(|folder| 2 * folder).collect::<Vec<_>>());
        assert!(found.rows.iter().all(|row| row.open));
    }
}
