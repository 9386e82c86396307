namespace Cqrs.Routing.Providers;

/// <summary>The tables by the database that a provider talks to.</summary>
internal static class ReplicaErrorClassifiers
{
    public static readonly ReplicaErrorClassifier PostgreSql = new PostgreSqlErrorClassifier();
    public static readonly ReplicaErrorClassifier SqlServer = new SqlServerErrorClassifier();
    public static readonly ReplicaErrorClassifier Sqlite = new SqliteErrorClassifier();
    public static readonly ReplicaErrorClassifier Other = new DefaultErrorClassifier();
}
