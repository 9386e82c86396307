using System.Data.Common;

namespace Cqrs.Routing.ConformanceTests.Injection;

/// <summary>Positions of servers that have always replayed everything, so that a query after a command asks, and is served by the replica.</summary>
internal sealed class Positions(Injector injector) : IPositionSource
{
    public string PrimaryCommandText => "SELECT 'primary'";

    public string ReplicaCommandText => "SELECT 'replica'";

    public ReplicationPosition? Read(DbDataReader reader)
    {
        injector.Asked(reader.GetString(0) == "primary" ? Server.Primary : Server.Replica);
        return new("shop", 1);
    }
}
