//! Archives of keys on the disk: whole, and for their owner alone.

use std::fs;
use std::path::Path;

pub(crate) fn save(path: &Path, bytes: &[u8]) -> Result<(), String> {
    write_secret(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Only the owner may read the archive, from its first byte on, and there is a whole one or none: it
/// is written beside the file and takes its place, so that an older one survives a full disk.
fn write_secret(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // A pipe or device is its owner's to keep, and a link leads to the file.
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return fs::write(path, bytes);
    }
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut partial = path.clone().into_os_string();
    partial.push(".partial");
    // What an earlier run left there may have another mode. If it stays, the next line says so.
    let _ = fs::remove_file(&partial);
    write_new(partial.as_ref(), bytes).and_then(|()| fs::rename(&partial, &path)).inspect_err(
        |_| {
            // The write's own error says more than a second one here.
            let _ = fs::remove_file(&partial);
        },
    )
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
