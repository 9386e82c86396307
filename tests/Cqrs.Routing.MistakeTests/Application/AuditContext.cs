namespace Cqrs.Routing.MistakeTests.Application;

/// <summary>The second context of the application, for the same primary.</summary>
public sealed class AuditContext(DbContextOptions<AuditContext> options) : DbContext(options)
{
    public DbSet<AuditEntry> Entries => Set<AuditEntry>();
}
