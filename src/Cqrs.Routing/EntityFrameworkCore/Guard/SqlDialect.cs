namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>Whose rules for quotes and comments a text follows.</summary>
internal enum SqlDialect
{
    /// <summary>Standard SQL; what databases read differently is refused.</summary>
    Unknown,
    SqlServer,
    PostgreSql,
    Sqlite,
    MySql,
}
