use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::arguments::SignArguments;
use crate::failure::{Failure, Kind};

/// Where one document comes from and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DocumentPaths {
    pub(super) input: PathBuf,
    pub(super) output: PathBuf,
}

/// Those of all documents, in the order in which they are signed.
pub(super) struct Paths;

impl Paths {
    /// In a folder every document keeps its name, so two of one name are refused before either is signed.
    pub(super) fn of(arguments: &SignArguments) -> Result<Vec<DocumentPaths>, Failure> {
        let mut taken = BTreeSet::new();
        let paths = arguments.input.iter().map(|input| {
            let output = match (&arguments.output, &arguments.output_dir) {
                (Some(output), _) => output.clone(),
                (None, folder) => folder.iter().cloned().chain(input.file_name().map(PathBuf::from)).collect(),
            };
            // Some file systems take names that differ in case for one.
            match taken.insert(output.to_string_lossy().to_lowercase()) {
                true => Ok(DocumentPaths { input: input.clone(), output }),
                false => Err(Failure::before_all(Kind::OutputExists { path: output })),
            }
        });
        paths.collect()
    }
}
