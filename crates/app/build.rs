//! A new file in the policy folder must reach the binary, which otherwise is built anew only when known files change.

fn main() {
    println!("cargo::rerun-if-changed=../../policy");
}
