namespace Cqrs.Routing.SqlText;

/// <summary>Whose rules for quotes, comments and statements a text follows.</summary>
internal enum SqlDialect
{
    /// <summary>A read only if it is one by the rules of every dialect below.</summary>
    Unknown,
    SqlServer,
    PostgreSql,
    Sqlite,
    MySql,
}
