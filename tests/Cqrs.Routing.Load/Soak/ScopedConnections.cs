using Npgsql;

namespace Cqrs.Routing.Load.Soak;

/// <summary>Connections that the application makes for each scope, and disposes with it.</summary>
internal sealed class ScopedConnections(NpgsqlDataSource primary, NpgsqlDataSource replica) : IAsyncDisposable
{
    public NpgsqlConnection Primary { get; } = primary.CreateConnection();

    public NpgsqlConnection Replica { get; } = replica.CreateConnection();

    public async ValueTask DisposeAsync()
    {
        await Primary.DisposeAsync();
        await Replica.DisposeAsync();
    }
}
