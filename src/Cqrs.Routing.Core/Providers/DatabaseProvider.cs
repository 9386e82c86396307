using System.Data.Common;
using System.Net.Sockets;
using Cqrs.Routing.SqlText;

namespace Cqrs.Routing.Providers;

/// <summary>
/// What is known of one kind of database: how its SQL reads, how it tells positions and identity, what its errors mean, and how it is opened read-only. The library references no driver, so all of
/// them are recognised by name.
/// </summary>
/// <remarks>Stateless and thread safe. To add a database, add a class to this folder and name it in <see cref="All"/>.</remarks>
internal abstract class DatabaseProvider
{
    public static readonly DatabaseProvider PostgreSql = new PostgreSqlProvider();
    public static readonly DatabaseProvider SqlServer = new SqlServerProvider();
    public static readonly DatabaseProvider Sqlite = new SqliteProvider();
    public static readonly DatabaseProvider MySql = new MySqlProvider();

    /// <summary>Every database that is not known.</summary>
    public static readonly DatabaseProvider Unknown = new UnknownProvider();

    private static readonly DatabaseProvider[] All = [PostgreSql, SqlServer, Sqlite, MySql];

    /// <summary>Finds the database of an EF provider whose every trait is known, by the type of its options, such as <c>NpgsqlOptionsExtension</c>.</summary>
    public static DatabaseProvider FromOptions(Type options) => Find(options.Name, static provider => provider.OptionsPrefix, static (name, prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds the database that an EF provider talks to, by the provider's name: enough to read its SQL.</summary>
    public static DatabaseProvider FromProviderName(string provider) => Find(provider, static provider => provider.NamePart, static (name, part) => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Gets where a connection leads.</summary>
    public static Endpoint GetEndpoint(DbConnection connection) =>
        new(Find(connection.GetType().Name, static provider => provider.ConnectionPrefix, static (name, prefix) => name.StartsWith(prefix, StringComparison.Ordinal)).GetServer(connection), connection.Database);

    /// <summary>Returns whether an error is the refusal of a write by a read-only database, whichever it is.</summary>
    public static bool IsRefusedWrite(Exception? exception)
    {
        foreach (var error in Chain(exception))
        {
            if (error is DbException refusal && Array.Exists(All, provider => provider.RefusesWrite(refusal)))
                return true;
        }

        return false;
    }

    /// <summary>Returns whether an error may come from a type that was created since the driver's pool has loaded them.</summary>
    public static bool MayLackType(Exception error) => Array.Exists(All, provider => provider.IsMissingType(error));

    /// <summary>The rules that its SQL follows.</summary>
    public abstract SqlDialect Dialect { get; }

    /// <summary>How the type of the EF provider's options begins; null where no EF provider is known well enough.</summary>
    protected virtual string? OptionsPrefix => null;

    /// <summary>What the names of EF providers for it contain.</summary>
    protected virtual string? NamePart => null;

    /// <summary>How the driver's connection type begins, where <see cref="GetServer"/> depends on it.</summary>
    protected virtual string? ConnectionPrefix => null;

    /// <summary>Gets the source of positions that is used where the application names none.</summary>
    /// <param name="engine">The engine that the EF provider's options name, such as <c>AzureSql</c>; null if they name none.</param>
    public virtual IPositionSource GetPositions(string? engine) => PositionSources.None;

    /// <summary>Gets the query for a server's identity.</summary>
    /// <param name="engine">As for <see cref="GetPositions"/>.</param>
    /// <param name="positions">The source of positions that is used.</param>
    public virtual ServerIdentityQuery GetIdentity(string? engine, IPositionSource positions) => ServerIdentityQuery.None;

    /// <summary>Returns a replica's connection string as it is opened: read-only where the driver can do that.</summary>
    public virtual string ToReadOnly(string connectionString) => connectionString;

    /// <summary>Returns the string of a primary with read-only intent; null where there is no such thing.</summary>
    public virtual string? ToReadOnlyIntent(string connectionString) => null;

    /// <summary>Gets the command that makes an open connection read-only, or lets it write again; null where there is none.</summary>
    public virtual string? GetReadOnlyCommand(bool readOnly, bool inTransaction) => null;

    /// <summary>Returns whether the driver spreads connections over several servers.</summary>
    /// <param name="connectionString">The replica's; null where the application supplies data source or connection.</param>
    /// <param name="dataSource">The driver's data source; null for none.</param>
    public virtual bool NamesSeveralServers(string? connectionString, DbDataSource? dataSource) => false;

    /// <summary>Classifies a failure of a replica. <see cref="ReplicaOptions.ClassifyError"/> is asked before it.</summary>
    /// <param name="error">As the driver or EF threw it.</param>
    /// <param name="opening">Whether it was thrown while a connection was opened: then no statement can be at fault.</param>
    public ReplicaErrorKind ClassifyError(Exception error, bool opening)
    {
        if (FindDriverError(error) is not { } found)
            return ReplicaErrorKind.Other;
        if (IsPoolExhausted(found))
            return ReplicaErrorKind.Transient;
        if (opening)
            return ReplicaErrorKind.Unavailable;

        // The time that the caller gave the statement is used up, and a second run would have none.
        return IsTimeout(found) ? ReplicaErrorKind.Other : ClassifyStatementError(found);
    }

    /// <summary>Returns whether a connection or an answer did not come in time.</summary>
    public bool IsTimeout(Exception error) => FindDriverError(error) is { } found
        && (HasTimedOut(found) || Chain(found).Any(inner => inner is TimeoutException or OperationCanceledException or SocketException { SocketErrorCode: SocketError.TimedOut }));

    /// <summary>Classifies what the server, or the network on the way to it, sent while a statement ran.</summary>
    protected abstract ReplicaErrorKind ClassifyServerError(DbException error);

    protected virtual bool HasTimedOut(Exception error) => false;

    protected virtual bool IsPoolExhausted(Exception error) => false;

    protected virtual bool IsMissingType(Exception error) => false;

    protected virtual bool RefusesWrite(DbException error) => false;

    protected virtual string GetServer(DbConnection connection) => connection.DataSource ?? "";

    // What EF's strategies wrap is the driver's; what an application wraps is its own exception, which says that it has dealt with it.
    private Exception? FindDriverError(Exception error) => error switch
    {
        DbException or SocketException or IOException or TimeoutException => error,
        { InnerException: DbException inner } when error.Source?.Contains("EntityFrameworkCore", StringComparison.Ordinal) == true => inner,
        _ when IsPoolExhausted(error) => error,
        _ => null,
    };

    private ReplicaErrorKind ClassifyStatementError(Exception error) =>
        Chain(error).Any(inner => inner is SocketException or IOException) ? ReplicaErrorKind.Unavailable
        : error is DbException database ? ClassifyServerError(database)
        : ReplicaErrorKind.Other;

    private static DatabaseProvider Find(string name, Func<DatabaseProvider, string?> part, Func<string, string, bool> matches) =>
        Array.Find(All, provider => part(provider) is { } known && matches(name, known)) ?? Unknown;

    private static IEnumerable<Exception> Chain(Exception? error)
    {
        for (var current = error; current is not null; current = current.InnerException)
            yield return current;
    }
}
