using System.Data.Common;

namespace Cqrs.Routing.Consistency;

internal sealed class NoPositions : IPositionSource
{
    public string PrimaryCommandText => "";

    public string ReplicaCommandText => "";

    public ReplicationPosition? Read(DbDataReader row) => null;
}
