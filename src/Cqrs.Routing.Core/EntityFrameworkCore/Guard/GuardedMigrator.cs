using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>Refuses to migrate inside a query. Otherwise migrations run on the primary, which is the provider's own connection.</summary>
internal sealed class GuardedMigrator(IMigrator inner, ICurrentDbContext current) : IMigrator
{
    public void Migrate(string? targetMigration = null)
    {
        WriteRefusal.Refuse(current.Context, "it called Migrate");
        inner.Migrate(targetMigration);
    }

    public Task MigrateAsync(string? targetMigration = null, CancellationToken cancellationToken = default)
    {
        WriteRefusal.Refuse(current.Context, "it called MigrateAsync");
        return inner.MigrateAsync(targetMigration, cancellationToken);
    }

    public string GenerateScript(
        string? fromMigration = null,
        string? toMigration = null,
        MigrationsSqlGenerationOptions options = MigrationsSqlGenerationOptions.Default)
        => inner.GenerateScript(fromMigration, toMigration, options);

    public bool HasPendingModelChanges() => inner.HasPendingModelChanges();
}
