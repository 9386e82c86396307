using System.Data.Common;

namespace Cqrs.Routing.Providers;

/// <summary>A provider that the library does not know: its driver says itself what may go well a second time, elsewhere too.</summary>
internal sealed class DefaultErrorClassifier : ReplicaErrorClassifier
{
    protected override ReplicaErrorKind OfServer(DbException error) => error.IsTransient ? ReplicaErrorKind.Transient : ReplicaErrorKind.Other;
}
