using System.Data.Common;

namespace Cqrs.Routing.Health;

/// <summary>A provider that the library does not know: its driver says itself what may go well a second time, elsewhere too.</summary>
internal sealed class OtherFailures : FailureTable
{
    protected override ReplicaFailure OfServer(DbException error) => error.IsTransient ? ReplicaFailure.Conflict : ReplicaFailure.None;
}
