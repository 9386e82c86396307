using System.Data.Common;
using Cqrs.Routing.SqlText;

namespace Cqrs.Routing.Providers;

/// <summary>A database that is not known: its driver itself says which errors may go well a second time, on another server too.</summary>
internal sealed class UnknownProvider : DatabaseProvider
{
    public override SqlDialect Dialect => SqlDialect.Unknown;

    protected override ReplicaErrorKind ClassifyServerError(DbException error) => error.IsTransient ? ReplicaErrorKind.Transient : ReplicaErrorKind.Other;
}
