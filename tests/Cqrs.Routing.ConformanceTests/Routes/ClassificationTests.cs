using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>Group A: the classification of requests as queries and commands, and errors in it.</summary>
public abstract class ClassificationTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C007")]
    public void A_request_with_both_markers_is_an_error_where_its_handler_is_registered()
    {
        var error = Should.Throw<InvalidOperationException>(() => Start(options => options.ConfigureServices = services =>
            services.AddTransient<IRequestHandler<Both, int>, BothHandler>()));

        error.Message.ShouldContain($"{nameof(ClassificationTests)}.{nameof(Both)}");
    }

    [Fact]
    [Trait("Case", "C007")]
    public async Task A_request_with_both_markers_is_an_error_whenever_it_is_sent()
    {
        await using var app = Start(options => options.ConfigureServicesLater = services => services.AddTransient<IRequestHandler<Both, int>, BothHandler>());

        foreach (var _ in Enumerable.Range(0, 2))
            (await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync((IQuery<int>)new Both()))).Message.ShouldContain("not both");
    }

    [Theory]
    [Trait("Case", "C018")]
    [InlineData("read")]
    [InlineData("save")]
    [InlineData("delete")]
    [InlineData("join rows")]
    public async Task What_a_convention_throws_reaches_the_sender_each_time_and_nothing_is_sent(string attempt)
    {
        await using var app = Start(options => options.ConfigureRouting = routing => routing.TreatAsQuery(_ => throw new NotSupportedException("hook")));

        foreach (var _ in Enumerable.Range(0, 2))
            (await Should.ThrowAsync<NotSupportedException>(() => app.SendAsync(new Neither(handling => Touch(handling.Db, attempt))))).Message.ShouldBe("hook");

        app.Log.Counts.ShouldBe((0, 0));
    }

    [Fact]
    [Trait("Case", "C018")]
    public async Task What_a_replicas_configuration_throws_reaches_the_reader_and_is_not_a_reason_to_use_the_primary()
    {
        await using var app = Start(options => options.ConfigureContext = (context, _) => context.UseReplica(_ => throw new NotSupportedException("hook")));

        foreach (var _ in Enumerable.Range(0, 2))
            await Should.ThrowAsync<NotSupportedException>(() => app.SendAsync(new Read(async handling => await handling.Db.Orders.CountAsync())));

        app.Log.Counts.ShouldBe((0, 0));
    }

    [Fact]
    [Trait("Case", "C019")]
    public async Task A_convention_is_asked_about_the_request_type_and_never_about_nothing()
    {
        var asked = new List<Type>();
        await using var app = Start(options => options.ConfigureRouting = routing => routing
            .TreatAsQuery(type =>
            {
                asked.Add(type);
                return true;
            }));

        var name = await app.SendAsync(new Neither(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name));
        await app.SendAsync(new WriteNothingBack(async handling => await handling.Db.Orders.CountAsync()));

        name.ShouldBe(DatabasePair.Replicated);
        asked.ShouldBe([typeof(Neither)]);
        app.Log.Counts.ShouldBe((1, 1));
    }

    [Theory]
    [Trait("Case", "C021")]
    [InlineData("nonsense")]
    [InlineData("Nonsense=1;;==")]
    public async Task A_replica_that_cannot_be_understood_is_an_error_and_not_a_reason_to_use_the_primary(string replica)
    {
        await using var app = Start(options => options.ConfigureContext = (context, _) => context.UseReplica(replica));

        var error = await Should.ThrowAsync<Exception>(() => app.SendAsync(new Read(async handling => await handling.Db.Orders.CountAsync())));

        (error is ArgumentException or InvalidOperationException).ShouldBeTrue(error.ToString());
        error.Message.ShouldContain("replica", Case.Insensitive);
        app.Log.Counts.ShouldBe((0, 0));
    }

    private static async Task Touch(ShopContext db, string attempt)
    {
        var order = await db.Orders.Include(order => order.Tags).SingleAsync();
        if (attempt == "save")
            order.Name = "changed";
        else if (attempt == "delete")
            db.Remove(order);
        else if (attempt == "join rows")
            order.Tags.Clear();
        await db.SaveChangesAsync();
    }

    public sealed record Both : IQuery<int>, ICommand<int>;

    public sealed class BothHandler : IRequestHandler<Both, int>
    {
        public Task<int> Handle(Both request, CancellationToken cancellationToken) => Task.FromResult(1);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ClassificationTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ClassificationTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
