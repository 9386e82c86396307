namespace Cqrs.Routing.MistakeTests.Markers;

public sealed class AttributeTests
{
    [Fact]
    public async Task MaxStaleness_of_zero_says_what_to_use() => await ShouldBeRefusedAsync<Zero>("[MaxStaleness(0)]");

    [Fact]
    public async Task Negative_MaxStaleness_says_what_to_use() => await ShouldBeRefusedAsync<Negative>("[MaxStaleness(-5)]");

    [Fact]
    public async Task MaxStaleness_that_is_no_number_says_what_to_use() => await ShouldBeRefusedAsync<NotANumber>("[MaxStaleness(NaN)]");

    [Fact]
    public async Task MaxStaleness_without_end_says_what_to_use() => await ShouldBeRefusedAsync<Infinite>("[MaxStaleness(Infinity)]");

    [Fact]
    public async Task A_wrong_MaxStaleness_is_an_error_of_the_self_check()
    {
        await using var app = Create<Zero>();

        var report = await app.CheckAsync();

        report.Passed.ShouldBeFalse();
        report.ToString().ShouldSay("[MaxStaleness(0)] on 'AttributeTests.Zero'", "[ReadFromPrimary]");
    }

    [Fact]
    public async Task MaxStaleness_on_a_database_without_positions_says_what_to_name()
    {
        await using var app = Create<AtMostFiveSeconds>();

        (await app.SendAsync(new AtMostFiveSeconds())).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeOnlyWarning(39, "AttributeTests.AtMostFiveSeconds has [MaxStaleness]", "ShopContext", "ReplicaOptions.PositionSource", "or remove [MaxStaleness]");
    }

    [Fact]
    public async Task Both_attributes_on_a_query_read_from_the_primary()
    {
        await using var app = Create<Both>();

        (await app.SendAsync(new Both())).ShouldBe(ShopApp.OnPrimary);

        app.Routes.GetRecords<Both>()[^1].Reason.ShouldBe(RouteReason.ReadFromPrimary);
    }

    [Fact]
    public async Task ReadFromPrimary_does_not_allow_a_write()
    {
        await using var app = Create<Writing>();

        (await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new Writing()))).ShouldSay("AttributeTests.Writing is a query and cannot write", "ShopContext", "Make the request a command (ICommand)");
    }

    private static async Task ShouldBeRefusedAsync<TRequest>(string attribute)
        where TRequest : IRequest<object?>, new()
    {
        await using var app = Create<TRequest>();

        (await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(new TRequest()))).ShouldSay(attribute, typeof(TRequest).Name, "Give a number of seconds above zero", "[ReadFromPrimary]");
    }

    private static ShopApp Create<TRequest>()
        where TRequest : IRequest<object?>
    {
        var app = ShopApp.CreateRight();
        app.Services.AddTransient<IRequestHandler<TRequest, object?>, Handler<TRequest>>();
        return app;
    }

    [MaxStaleness(0)]
    public sealed record Zero : IQuery<object?>;

    [MaxStaleness(-5)]
    public sealed record Negative : IQuery<object?>;

    [MaxStaleness(double.NaN)]
    public sealed record NotANumber : IQuery<object?>;

    [MaxStaleness(double.PositiveInfinity)]
    public sealed record Infinite : IQuery<object?>;

    [MaxStaleness(5)]
    public sealed record AtMostFiveSeconds : IQuery<object?>;

    [ReadFromPrimary]
    [MaxStaleness(5)]
    public sealed record Both : IQuery<object?>;

    [ReadFromPrimary]
    public sealed record Writing : IQuery<object?>;

    private sealed class Handler<TRequest>(IServiceProvider services) : IRequestHandler<TRequest, object?>
        where TRequest : IRequest<object?>
    {
        public Task<object?> Handle(TRequest request, CancellationToken cancellationToken)
        {
            var work = new Work(services, cancellationToken);
            return request is Writing ? work.SaveAsync() : work.ReadAsync();
        }
    }
}
