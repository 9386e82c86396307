using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Application;

internal sealed class LoadContext(DbContextOptions<LoadContext> options) : DbContext(options)
{
    public DbSet<Row> Rows => Set<Row>();

    /// <summary>What the server that answers a query says of itself: true on the standby.</summary>
    public static bool IsStandby() => throw new NotSupportedException("Translated to SQL.");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Row>().Property(row => row.Id).ValueGeneratedNever();
        modelBuilder.HasDbFunction(() => IsStandby()).HasName("pg_is_in_recovery").IsBuiltIn();
    }
}
