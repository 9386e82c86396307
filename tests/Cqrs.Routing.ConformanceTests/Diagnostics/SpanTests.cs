using System.Collections.Concurrent;
using System.Diagnostics;
using Cqrs.Routing.ConformanceTests.Routes;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Diagnostics;

/// <summary>Group K: each request has one span inside the current span.</summary>
public sealed class SpanTests : ConformanceTest, IClassFixture<PairFixture<SqlitePair>>
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private readonly Activity _http = new("GET /orders");

    public SpanTests(PairFixture<SqlitePair> fixture)
        : base(fixture.Pair)
    {
        _http.SetIdFormat(ActivityIdFormat.W3C);
        _http.Start();
        _listener = new()
        {
            ShouldListenTo = static source => source.Name == RoutingTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            // Other tests of this process send requests as well.
            ActivityStopped = span =>
            {
                if (span.TraceId == _http.TraceId)
                    _ended.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    [Trait("Case", "C224")]
    public async Task Nested_requests_are_nested_spans()
    {
        await using var app = Start();

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            await handling.Db.Orders.CountAsync();
            await handling.Sender.Send(new Read(async inner => await inner.Db.Orders.CountAsync()));
        }));
        Activity.Current.ShouldBe(_http);
        _listener.Dispose();

        var (query, command) = _ended.ToArray() switch { [var first, var second] => (first, second), var others => throw new InvalidOperationException($"{others.Length} spans") };
        (query.DisplayName, command.DisplayName).ShouldBe(("query Read", "command WriteNothingBack"));
        (query.ParentSpanId, command.ParentSpanId).ShouldBe((command.SpanId, _http.SpanId));
        TagsOf(query).ShouldBe("cqrs.routing.request=Cqrs.Routing.TestKit.Requests.Read cqrs.routing.route=Primary cqrs.routing.reason=InsideCommand cqrs.routing.context=ShopContext");
        TagsOf(command).ShouldBe("cqrs.routing.request=Cqrs.Routing.TestKit.Requests.WriteNothingBack cqrs.routing.route=Primary cqrs.routing.reason=Command cqrs.routing.context=ShopContext");
        _http.TagObjects.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_query_that_leaves_the_replica_says_from_where_and_why()
    {
        await using var app = Start(options => options.ConfigureRouting = static routing => routing.AllowCommandsInQueries = true);

        await app.SendAsync(new Read(async handling =>
        {
            await handling.Db.Orders.CountAsync();
            await handling.Sender.Send(new WriteNothingBack(async inner => await inner.Db.Orders.CountAsync()));
            await handling.Db.Orders.CountAsync();
        }));

        TagsOf(_ended.Last()).ShouldBe(
            "cqrs.routing.request=Cqrs.Routing.TestKit.Requests.Read cqrs.routing.route=Primary cqrs.routing.reason=AfterInnerCommand cqrs.routing.context=ShopContext cqrs.routing.escalated_from=Replica");
    }

    [Fact]
    public async Task A_second_context_of_a_request_is_an_event_of_its_span()
    {
        await using var app = Start(options => options.AddContexts = (services, log) =>
        {
            services.AddDbContext<ShopContext>(context => Pair.Use(context, Pair.Primary).AddInterceptors(log).UseReplica(Pair.Replica));
            services.AddDbContext<CatalogContext>(context => Pair.Use(context, Pair.Primary).AddInterceptors(log).UseReplica((string?)null));
        });

        await app.SendAsync(new Read(async handling =>
        {
            await handling.Db.Orders.CountAsync();
            await handling.Services.GetRequiredService<CatalogContext>().Database.OpenConnectionAsync();
        }));

        var span = _ended.ShouldHaveSingleItem();
        span.GetTagItem("cqrs.routing.route").ShouldBe("Replica");
        var bound = span.Events.ShouldHaveSingleItem();
        bound.Name.ShouldBe("cqrs.routing.context_routed");
        string.Join(' ', bound.Tags.Select(tag => $"{tag.Key}={tag.Value}")).ShouldBe("cqrs.routing.context=CatalogContext cqrs.routing.route=Primary cqrs.routing.reason=NoReplica");
    }

    [Fact]
    public async Task A_request_that_fails_says_so_without_its_message()
    {
        await using var app = Start();

        await Should.ThrowAsync<NotSupportedException>(() => app.SendAsync(new Read(_ => throw new NotSupportedException("secret"))));

        var span = _ended.ShouldHaveSingleItem();
        (span.Status, span.StatusDescription).ShouldBe((ActivityStatusCode.Error, null));
        span.GetTagItem("error.type").ShouldBe("System.NotSupportedException");
        TagsOf(span).ShouldNotContain("secret");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_is_one_span_from_its_first_element_to_its_last(bool fails)
    {
        await using var app = Start();
        List<Activity?> inside = [];
        async IAsyncEnumerable<object> Elements()
        {
            for (var element = 0; element < 3; element++)
            {
                await Task.Yield();
                inside.Add(Activity.Current);
                yield return element;
            }

            if (fails)
                throw new NotSupportedException();
        }

        await app.InScopeAsync(async handling =>
        {
            try
            {
                await foreach (var _ in handling.Sender.CreateStream(new ReadStream(_ => Elements())))
                    Activity.Current.ShouldBe(_http);
            }
            catch (NotSupportedException) when (fails)
            {
                // As expected.
            }
        });

        var span = _ended.ShouldHaveSingleItem();
        span.DisplayName.ShouldBe("query ReadStream");
        inside.ShouldBe([span, span, span]);
        span.Status.ShouldBe(fails ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        Activity.Current.ShouldBe(_http);
    }

    public override async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _http.Dispose();
        await base.DisposeAsync();
    }

    private static string TagsOf(Activity span) => string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"));
}
