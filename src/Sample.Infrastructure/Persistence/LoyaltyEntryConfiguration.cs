using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Sample.Application.Domain;

namespace Sample.Infrastructure.Persistence;

internal sealed class LoyaltyEntryConfiguration : IEntityTypeConfiguration<LoyaltyEntry>
{
    public void Configure(EntityTypeBuilder<LoyaltyEntry> builder)
    {
        builder.HasOne<Customer>().WithMany().HasForeignKey(entry => entry.CustomerId);
        builder.HasIndex(entry => entry.OrderId).IsUnique();
    }
}
