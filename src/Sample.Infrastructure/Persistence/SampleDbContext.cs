using Microsoft.EntityFrameworkCore;
using Sample.Application.Abstractions;
using Sample.Application.Domain;

namespace Sample.Infrastructure.Persistence;

/// <summary>The one context of the application. It does not know that there is a replica.</summary>
public sealed class SampleDbContext(DbContextOptions<SampleDbContext> options) : DbContext(options), IApplicationDbContext
{
    /// <summary>The customers.</summary>
    public DbSet<Customer> Customers => Set<Customer>();

    /// <inheritdoc/>
    public DbSet<Order> Orders => Set<Order>();

    /// <inheritdoc/>
    public DbSet<LoyaltyEntry> Loyalty => Set<LoyaltyEntry>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(SampleDbContext).Assembly);
}
