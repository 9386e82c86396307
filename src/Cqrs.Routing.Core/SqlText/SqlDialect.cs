namespace Cqrs.Routing.SqlText;

/// <summary>The dialect whose rules for quotes, comments and statements a text follows.</summary>
internal enum SqlDialect
{
    /// <summary>An unknown dialect: a text is a read only if it is one in every dialect below.</summary>
    Unknown,
    SqlServer,
    PostgreSql,
    Sqlite,
    MySql,
}
