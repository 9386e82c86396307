namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>Messages about a replica that cannot be used as configured. Each says what to write instead.</summary>
internal static class ReplicaMessages
{
    public const string RequiredSomewhere =
        "RoutingOptions.RequireReplica is set, but no registered context has a replica. "
        + "Call .UseReplica(\"...\") where a context is added, or do not require it. [CR220]";

    public const string BlankString =
        "The replica's connection string is blank. Pass the replica's connection string, or null for an application without a replica. [CR222]";

    public const string NoProvider =
        "UseReplica(o => ...) configured no relational provider. Call the same Use... method as for the primary inside it, for instance o.UseNpgsql(replicaDataSource). [CR223]";

    public const string MoreThanProvider =
        "UseReplica(o => ...) configured more than a provider. The replica shares the context's other options: "
        + "move interceptors, loggers and the like out of it, next to UseReplica. [CR224]";

    public const string ReadOnlyIntentNeedsString =
        "UseReadOnlyIntentReplica() derives the replica from the primary's connection string, but the primary has none. Call UseReplica(o => o.UseSqlServer(...)) instead. [CR225]";

    public static InvalidOperationException TracksUnseen(string context, string entity) => new(
        $"A statement of {context} tracks {entity}, although it was classified as one that does not track, so the row may be a replica's. This is a defect of Cqrs.Routing: please report the query. "
        + "Until it is fixed, run the query in RouteScope.ForcePrimary() or mark its request [ReadFromPrimary]. [CR205]");

    public static string RequiredFor(string contexts) =>
        $"RoutingOptions.RequireReplica is set, but {contexts} called UseReplica without a replica. Pass its connection string, or do not require it. [CR221]";

    public static string NothingToWaitBy(string context) =>
        $"The database of {context} has no position source, so the library cannot detect when its replica has caught up. Name one: UseReplica(..., replica => replica.PositionSource = ...). [CR236]";

    public static string NotRouted(string context) =>
        $"{context} does not call UseReplica, or its provider is not relational. Call UseReplica(...) in its options first; UseReplica(null) is enough to name one later. InMemory and other providers without connections have no replica. [CR231]";

    public static string Unreadable(string context, string provider, string problem) =>
        $"The replica of {context} cannot be used with {provider}: {problem} Pass UseReplica a connection string that this provider accepts. [CR227]";

    public static string OtherProvider(string context, string primary, string replica) =>
        $"The primary of {context} is configured by {primary} and its replica by {replica}. Configure the replica as the primary is: UseReplica(o => o.Use{primary}(...)). [CR228]";

    public static string ReadOnlyIntentIsForSqlServer(string context, string provider) =>
        $"{context} uses {provider}, but UseReadOnlyIntentReplica() is for SQL Server. Call UseReplica(\"...\") with the replica's connection string. [CR226]";

    public static string DataSourceNeeded(string context) =>
        $"The primary of {context} is given as a data source, whose configuration a connection string cannot carry to the replica. "
        + "Call UseReplica(o => o.UseNpgsql(replicaDataSource)) with a data source that is built the same way. [CR229]";

    public static string OtherDatabase(string context, string primary, string replica) =>
        $"The primary of {context} is the database '{primary}' and its replica the database '{replica}'. A replica has the primary's database name; "
        + "if this one really is a copy of it, call UseReplica(..., replica => replica.AllowDifferentDatabaseName = true). [CR230]";
}
