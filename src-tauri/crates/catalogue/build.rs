//! Makes cargo notice new data files: `include_dir!` alone only sees changes in files that it already knows.

#![allow(clippy::print_stdout, reason = "cargo reads the standard output of a build script")]

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=data/text/en");
    println!("cargo:rerun-if-changed=data/text/ja");
}
