namespace Cqrs.Routing.SqlText;

internal static class SqlDialects
{
    /// <summary>The dialect of an EF provider, told by the provider's name.</summary>
    public static SqlDialect Of(string provider) =>
        Has(provider, "SqlServer") ? SqlDialect.SqlServer
        : Has(provider, "PostgreSQL") ? SqlDialect.PostgreSql
        : Has(provider, "Sqlite") ? SqlDialect.Sqlite
        : Has(provider, "MySql") ? SqlDialect.MySql
        : SqlDialect.Unknown;

    private static bool Has(string provider, string name) => provider.Contains(name, StringComparison.OrdinalIgnoreCase);
}
