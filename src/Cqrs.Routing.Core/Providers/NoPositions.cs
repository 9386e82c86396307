using System.Data.Common;

namespace Cqrs.Routing.Providers;

internal sealed class NoPositions : IPositionSource
{
    public string PrimaryCommandText => "";

    public string ReplicaCommandText => "";

    public ReplicationPosition? Read(DbDataReader row) => null;
}
