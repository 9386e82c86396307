using System.Data.Common;
using System.Net.Sockets;
using Cqrs.Routing.SqlText;

namespace Cqrs.Routing.Providers;

/// <summary>
/// Describes one kind of database: its SQL dialect, its positions and identity, its errors, and how to open it read-only. The library references no driver, so it
/// recognises drivers and providers by name.
/// </summary>
/// <remarks>Stateless and thread safe. To add a database, add a class to this folder and add it to <see cref="All"/>.</remarks>
internal abstract class DatabaseProvider
{
    public static readonly DatabaseProvider PostgreSql = new PostgreSqlProvider();
    public static readonly DatabaseProvider SqlServer = new SqlServerProvider();
    public static readonly DatabaseProvider Sqlite = new SqliteProvider();
    public static readonly DatabaseProvider MySql = new MySqlProvider();

    /// <summary>The provider of every unknown database.</summary>
    public static readonly DatabaseProvider Unknown = new UnknownProvider();

    private static readonly DatabaseProvider[] All = [PostgreSql, SqlServer, Sqlite, MySql];

    /// <summary>Finds the fully supported database of an EF Core provider by the type of its options, such as <c>NpgsqlOptionsExtension</c>.</summary>
    public static DatabaseProvider FromOptions(Type options) => Find(options.Name, static provider => provider.OptionsPrefix, static (name, prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds the database of an EF Core provider by the provider's name, which is sufficient to read its SQL.</summary>
    public static DatabaseProvider FromProviderName(string provider) => Find(provider, static provider => provider.NamePart, static (name, part) => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Gets the endpoint of a connection.</summary>
    public static Endpoint GetEndpoint(DbConnection connection) =>
        new(Find(connection.GetType().Name, static provider => provider.ConnectionPrefix, static (name, prefix) => name.StartsWith(prefix, StringComparison.Ordinal)).GetServer(connection), connection.Database);

    /// <summary>Returns whether an error is the refusal of a write by any read-only database.</summary>
    public static bool IsRefusedWrite(Exception? exception) => IsCausedBy(exception, static (provider, cause) => provider.RefusesWrite(cause));

    /// <summary>Returns whether an error says that a table, a column, another object or a permission is missing. Its text contains names, but no values.</summary>
    public static bool IsMissingObject(Exception error) => IsCausedBy(error, static (provider, cause) => provider.LacksObject(cause));

    /// <summary>Returns whether the cause of an error may be a type that was created after the driver's pool loaded its types.</summary>
    public static bool MayLackType(Exception error) => Array.Exists(All, provider => provider.IsMissingType(error));

    /// <summary>Gets the dialect of its SQL.</summary>
    public abstract SqlDialect Dialect { get; }

    /// <summary>Gets the prefix of the EF Core provider's options type; null if no EF Core provider is fully supported.</summary>
    protected virtual string? OptionsPrefix => null;

    /// <summary>Gets the part that the names of its EF Core providers contain.</summary>
    protected virtual string? NamePart => null;

    /// <summary>Gets the prefix of the driver's connection type, if <see cref="GetServer"/> depends on it.</summary>
    protected virtual string? ConnectionPrefix => null;

    /// <summary>Gets the position source that is used if the application configures none.</summary>
    /// <param name="engine">The engine in the EF Core provider's options, such as <c>AzureSql</c>; null if they contain none.</param>
    public virtual IPositionSource GetPositions(string? engine) => PositionSources.None;

    /// <summary>Gets the query for a server's identity.</summary>
    /// <param name="engine">The engine, as for <see cref="GetPositions"/>.</param>
    /// <param name="positions">The position source in use.</param>
    public virtual ServerIdentityQuery GetIdentity(string? engine, IPositionSource positions) => ServerIdentityQuery.None;

    /// <summary>Returns a replica's connection string, changed to read-only if the driver supports that.</summary>
    public virtual string ToReadOnly(string connectionString) => connectionString;

    /// <summary>Returns a primary's connection string with read-only intent; null if the database has no such intent.</summary>
    public virtual string? ToReadOnlyIntent(string connectionString) => null;

    /// <summary>Gets the command that makes an open connection read-only, or writable again; null if there is none.</summary>
    public virtual string? GetReadOnlyCommand(bool readOnly, bool inTransaction) => null;

    /// <summary>Returns whether the driver distributes connections over several servers.</summary>
    /// <param name="connectionString">The replica's connection string; null if the application supplies the data source or connection.</param>
    /// <param name="dataSource">The driver's data source; null if there is none.</param>
    public virtual bool NamesSeveralServers(string? connectionString, DbDataSource? dataSource) => false;

    /// <summary>Classifies a failure of a replica. <see cref="ReplicaOptions.ClassifyError"/> takes precedence.</summary>
    /// <param name="error">The error, as thrown by the driver or EF Core.</param>
    /// <param name="opening">Whether the error was thrown while a connection was opened. A statement cannot be the cause then.</param>
    public ReplicaErrorKind ClassifyError(Exception error, bool opening)
    {
        if (FindDriverError(error) is not { } found)
            return ReplicaErrorKind.Other;
        if (IsPoolExhausted(found))
            return ReplicaErrorKind.Transient;
        if (opening)
            return ReplicaErrorKind.Unavailable;

        // The time that the caller allowed for the statement has passed, so a second run would have none left.
        return IsTimeout(found) ? ReplicaErrorKind.Other : ClassifyStatementError(found);
    }

    /// <summary>Returns whether an error is a timeout of a connection or an answer.</summary>
    public bool IsTimeout(Exception error) => FindDriverError(error) is { } found
        && (HasTimedOut(found) || Chain(found).Any(inner => inner is TimeoutException or OperationCanceledException or SocketException { SocketErrorCode: SocketError.TimedOut }));

    /// <summary>Classifies an error that the server, or the network to it, raised while a statement ran. Where no codes are known, the driver decides.</summary>
    protected virtual ReplicaErrorKind ClassifyServerError(DbException error) => error.IsTransient ? ReplicaErrorKind.Transient : ReplicaErrorKind.Other;

    protected virtual bool HasTimedOut(Exception error) => false;

    protected virtual bool IsPoolExhausted(Exception error) => false;

    protected virtual bool IsMissingType(Exception error) => false;

    protected virtual bool RefusesWrite(DbException error) => false;

    protected virtual bool LacksObject(DbException error) => false;

    protected virtual string GetServer(DbConnection connection) => connection.DataSource ?? "";

    // EF Core's execution strategies wrap the driver's exception. If an application wraps it, the application has handled the error.
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

    // Called for each context that is not pooled, so it captures nothing.
    private static DatabaseProvider Find(string name, Func<DatabaseProvider, string?> part, Func<string, string, bool> matches)
    {
        foreach (var provider in All)
        {
            if (part(provider) is { } known && matches(name, known))
                return provider;
        }

        return Unknown;
    }

    private static bool IsCausedBy(Exception? error, Func<DatabaseProvider, DbException, bool> says)
    {
        foreach (var cause in Chain(error))
        {
            if (cause is DbException database && Array.Exists(All, provider => says(provider, database)))
                return true;
        }

        return false;
    }

    private static IEnumerable<Exception> Chain(Exception? error)
    {
        for (var current = error; current is not null; current = current.InnerException)
            yield return current;
    }
}
