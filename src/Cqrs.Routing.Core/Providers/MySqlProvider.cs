using Cqrs.Routing.SqlText;

namespace Cqrs.Routing.Providers;

/// <summary>Describes MySQL and MariaDB. Only their SQL is supported yet.</summary>
internal sealed class MySqlProvider : DatabaseProvider
{
    public override SqlDialect Dialect => SqlDialect.MySql;

    protected override string NamePart => "MySql";
}
