using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>
/// Refuses to create or delete a database inside a query, before a command is sent. Checks whether the database exists stay allowed.
/// </summary>
/// <remarks>Derives from <see cref="RelationalDatabaseCreator"/>, because applications cast the service to it.</remarks>
internal sealed class GuardedDatabaseCreator(RelationalDatabaseCreator inner, RelationalDatabaseCreatorDependencies dependencies)
    : RelationalDatabaseCreator(dependencies)
{
    public override bool Exists() => inner.Exists();

    public override Task<bool> ExistsAsync(CancellationToken cancellationToken = default) => inner.ExistsAsync(cancellationToken);

    public override bool HasTables() => inner.HasTables();

    public override Task<bool> HasTablesAsync(CancellationToken cancellationToken = default) => inner.HasTablesAsync(cancellationToken);

    public override bool CanConnect() => inner.CanConnect();

    public override Task<bool> CanConnectAsync(CancellationToken cancellationToken = default) => inner.CanConnectAsync(cancellationToken);

    public override string GenerateCreateScript() => inner.GenerateCreateScript();

    public override void Create() => Guarded(nameof(Create)).Create();

    public override Task CreateAsync(CancellationToken cancellationToken = default) => Guarded(nameof(CreateAsync)).CreateAsync(cancellationToken);

    public override void Delete() => Guarded(nameof(Delete)).Delete();

    public override Task DeleteAsync(CancellationToken cancellationToken = default) => Guarded(nameof(DeleteAsync)).DeleteAsync(cancellationToken);

    public override void CreateTables() => Guarded(nameof(CreateTables)).CreateTables();

    public override Task CreateTablesAsync(CancellationToken cancellationToken = default) =>
        Guarded(nameof(CreateTablesAsync)).CreateTablesAsync(cancellationToken);

    public override bool EnsureCreated() => Guarded(nameof(EnsureCreated)).EnsureCreated();

    public override Task<bool> EnsureCreatedAsync(CancellationToken cancellationToken = default) =>
        Guarded(nameof(EnsureCreatedAsync)).EnsureCreatedAsync(cancellationToken);

    public override bool EnsureDeleted() => Guarded(nameof(EnsureDeleted)).EnsureDeleted();

    public override Task<bool> EnsureDeletedAsync(CancellationToken cancellationToken = default) =>
        Guarded(nameof(EnsureDeletedAsync)).EnsureDeletedAsync(cancellationToken);

    private RelationalDatabaseCreator Guarded(string method)
    {
        WriteRefusal.Refuse(Dependencies.CurrentContext.Context, $"it called {method}");
        return inner;
    }
}
