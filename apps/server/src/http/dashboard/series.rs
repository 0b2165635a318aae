//! GET /dashboard/series

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;
use snackbase_application::dashboard::Dashboard;
use snackbase_application::ports::DayCounts;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::Superadmin;
use crate::http::input::Query;

/// What was made and changed on a day in UTC.
#[derive(Serialize, ToSchema)]
pub struct DayPoint {
    date: NaiveDate,
    accounts: u64,
    users: u64,
    /// Rows created, by the audit log.
    creates: u64,
    updates: u64,
    deletes: u64,
}

impl From<DayCounts> for DayPoint {
    fn from(counts: DayCounts) -> Self {
        let DayCounts { day, accounts, users, creates, updates, deletes } = counts;
        Self { date: day, accounts, users, creates, updates, deletes }
    }
}

/// Days one after the other.
#[derive(Serialize, ToSchema)]
pub struct DashboardSeries {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    points: Vec<DayPoint>,
}

/// Counts what was made and changed on each of the last days.
#[utoipa::path(get, path = "/api/v1/dashboard/series", tag = "dashboard",
    params(("days" = Option<u32>, Query, description = "1 to 365, today included; 30 if absent")),
    responses((status = 200, body = DashboardSeries), (status = 401), (status = 403), (status = 422)))]
pub async fn series(_: Superadmin, query: Query, dashboard: Data<Dashboard>) -> ApiResult {
    let mut fields = query.fields();
    let days = fields.int("days").ge(1).le(365).default(30);
    fields.finish()?;
    let points = dashboard.series(u32::try_from(days).unwrap_or(1)).await?;
    Ok(HttpResponse::Ok().json(DashboardSeries {
        from: points.first().map(|counts| counts.day),
        to: points.last().map(|counts| counts.day),
        points: points.into_iter().map(DayPoint::from).collect(),
    }))
}
