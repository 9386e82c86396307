using Cqrs.Routing.SqlText;

namespace Cqrs.Routing.Providers;

/// <summary>Describes an unknown database. Its driver classifies the errors that a second attempt may avoid, on another server, too.</summary>
internal sealed class UnknownProvider : DatabaseProvider
{
    public override SqlDialect Dialect => SqlDialect.Unknown;
}
