using System.Linq.Expressions;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;

namespace Cqrs.Routing.Tests.EntityFrameworkCore.Configuration;

/// <summary>The cached extensions of a context's options, and the key generator of compiled queries.</summary>
public sealed class CachedContextOptionsTests
{
    [Fact]
    public void The_cached_extensions_are_those_of_the_context_in_their_order()
    {
        var options = Options(relationalNulls: false);

        var listed = new CachedContextOptions(options);

        listed.Extensions.ShouldBe(options.Extensions);
        listed.FindExtension<CoreOptionsExtension>().ShouldBeSameAs(options.FindExtension<CoreOptionsExtension>());
    }

    [Fact]
    public void The_cached_extensions_are_sorted_once()
    {
        var listed = new CachedContextOptions(Options(relationalNulls: false));

        listed.Extensions.ShouldBeSameAs(listed.Extensions);
    }

    // Both contexts share EF's services, and so the queries that it has compiled.
    [Fact]
    public void Contexts_with_different_options_get_different_SQL()
    {
        using var one = new Context(Options(relationalNulls: false));
        using var other = new Context(Options(relationalNulls: true));

        foreach (var _ in Enumerable.Range(0, 2))
        {
            Sql(one).ShouldContain("IS NULL");
            Sql(other).ShouldNotContain("IS NULL");
        }
    }

    [Fact]
    public void A_cache_key_generator_of_the_application_stays_as_it_is()
    {
        using var db = new Context(Servers(new DbContextOptionsBuilder<Context>().ReplaceService<ICompiledQueryCacheKeyGenerator, OneKeyForAll>()).Options);

        db.GetService<ICompiledQueryCacheKeyGenerator>().ShouldBeOfType<OneKeyForAll>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cache_key_generator_that_replaces_a_class_by_name_stays_as_it_is(bool replicaFirst)
    {
        var options = new DbContextOptionsBuilder<Context>().ReplaceService<ICompiledQueryCacheKeyGenerator, RelationalCompiledQueryCacheKeyGenerator, OneKeyForAll>();
        using var db = new Context((replicaFirst ? options.UseReplica("Data Source=replica.db").UseSqlite("Data Source=primary.db") : Servers(options)).Options);

        db.GetService<ICompiledQueryCacheKeyGenerator>().ShouldBeOfType<OneKeyForAll>();
    }

    private static string Sql(Context db) => db.Rows.Where(row => row.First != row.Second).ToQueryString();

    private static DbContextOptions<Context> Options(bool relationalNulls) => Servers(new(), sqlite => sqlite.UseRelationalNulls(relationalNulls)).Options;

    private static DbContextOptionsBuilder<Context> Servers(DbContextOptionsBuilder<Context> options, Action<SqliteDbContextOptionsBuilder>? configure = null) =>
        options.UseSqlite("Data Source=primary.db", configure).UseReplica("Data Source=replica.db");

    private sealed class OneKeyForAll : ICompiledQueryCacheKeyGenerator
    {
        public object GenerateCacheKey(Expression query, bool async) => async;
    }

    private sealed class Context(DbContextOptions<Context> options) : DbContext(options)
    {
        public DbSet<Row> Rows => Set<Row>();
    }

    private sealed class Row
    {
        public int Id { get; set; }

        public string? First { get; set; }

        public string? Second { get; set; }
    }
}
