namespace Cqrs.Routing.Health;

/// <summary>The tables by the database that a provider talks to.</summary>
internal static class FailureTables
{
    public static readonly FailureTable PostgreSql = new PostgreSqlFailures();
    public static readonly FailureTable SqlServer = new SqlServerFailures();
    public static readonly FailureTable Sqlite = new SqliteFailures();
    public static readonly FailureTable Other = new OtherFailures();
}
