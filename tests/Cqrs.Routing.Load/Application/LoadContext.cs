using Cqrs.Routing.Load.Chaos.Data;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Application;

internal sealed class LoadContext(DbContextOptions<LoadContext> options) : DbContext(options)
{
    public DbSet<Row> Rows => Set<Row>();

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<Document> Documents => Set<Document>();

    public DbSet<Execution> Executions => Set<Execution>();

    /// <summary>What the server that answers a query says of itself: true on the standby.</summary>
    public static bool IsStandby() => throw new NotSupportedException("Translated to SQL.");

    /// <summary>All documents, as slowly as a report reads them: the server waits before each row, and so for a while after it has sent the first ones.</summary>
    public IQueryable<Document> ReadSlowly(TimeSpan perDocument) =>
        Documents.FromSql($"""SELECT "Id", "Payload" FROM "Documents" WHERE pg_sleep({perDocument.TotalSeconds}) IS NOT NULL""").AsNoTracking();

    /// <summary>One statement that reads a row of the session's own and one that all share.</summary>
    public IQueryable<Reading> Read(int ownId, int sharedId) =>
        from own in Rows
        from shared in Rows
        where own.Id == ownId && shared.Id == sharedId
        select new Reading(own.Value, shared.Value, IsStandby());

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Row>().Property(row => row.Id).ValueGeneratedNever();
        modelBuilder.Entity<Account>().Property(account => account.Id).ValueGeneratedNever();
        modelBuilder.Entity<Document>().Property(document => document.Id).ValueGeneratedNever();
        modelBuilder.Entity<Execution>().HasIndex(execution => new { execution.Worker, execution.Number });
        modelBuilder.HasDbFunction(() => IsStandby()).HasName("pg_is_in_recovery").IsBuiltIn();
    }
}
