using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Microsoft.EntityFrameworkCore.Infrastructure;

// Experimental for applications, until a real server has confirmed the sources. These tests are what the library knows of them.
#pragma warning disable CQRSR001

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>The position source that the options of a provider lead to.</summary>
public sealed class DefaultPositionsTests
{
    private const string Text = "Server=server";

    [Fact]
    public void Every_provider_gets_the_source_that_its_database_documents()
    {
        SourceOf(options => options.UseNpgsql("Host=server")).ShouldBeSameAs(PositionSources.PostgreSql);
        SourceOf(options => options.UseSqlServer(Text)).ShouldBeSameAs(PositionSources.SqlServer);
        SourceOf(options => options.UseAzureSql(Text)).ShouldBeSameAs(PositionSources.AzureSql);
        SourceOf(options => options.UseAzureSynapse(Text)).ShouldBeSameAs(PositionSources.None);
        SourceOf(options => options.UseSqlite("Data Source=shop.db")).ShouldBeSameAs(PositionSources.None);
    }

    private static IPositionSource SourceOf(Action<DbContextOptionsBuilder> use)
    {
        var options = new DbContextOptionsBuilder();
        use(options);
        return ProviderResolver.GetPositions(RelationalOptionsExtension.Extract(options.Options));
    }
}
