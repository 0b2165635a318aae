//! Roles: global names that collection rules can ask for.

use serde::{Deserialize, Serialize};

/// Name of the seeded role of account administrators.
pub const ADMIN: &str = "admin";
/// Name of the seeded role of ordinary users.
pub const USER: &str = "user";

/// Id of a role; the seeded ones are 1 (`admin`) and 2 (`user`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleId(pub i32);

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Role {
    pub id: RoleId,
    pub name: String,
    pub description: Option<String>,
}
