//! Builds again when the admin UI was built anew.

fn main() {
    println!("cargo:rerun-if-changed=../../frontend/dist");
}
