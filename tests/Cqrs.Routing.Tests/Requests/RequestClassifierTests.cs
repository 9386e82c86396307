using Cqrs.Routing.Requests;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Tests.Requests;

public sealed class RequestClassifierTests
{
    [Theory]
    [InlineData(typeof(Marked.AQuery), RequestKind.Query)]
    [InlineData(typeof(Marked.AStream), RequestKind.Query)]
    [InlineData(typeof(Marked.ACommand), RequestKind.Command)]
    [InlineData(typeof(Marked.AVoidCommand), RequestKind.Command)]
    [InlineData(typeof(Marked.GetOrders), RequestKind.Unclassified)]
    public void Markers_decide_the_kind_of_a_request(Type type, object kind) => RequestClassifier.Classify(type, Options()).ShouldBe((RequestKind)kind);

    [Theory]
    [InlineData(typeof(GetOrdersQuery), RequestKind.Query)]
    [InlineData(typeof(PageQuery<int>), RequestKind.Query)]
    [InlineData(typeof(GetOrder.Query), RequestKind.Query)]
    [InlineData(typeof(FindOrdersQuery.Request), RequestKind.Query)]
    [InlineData(typeof(PayOrderCommand), RequestKind.Command)]
    [InlineData(typeof(PayOrderCommand.Query), RequestKind.Query)]
    [InlineData(typeof(Marked.GetOrders), RequestKind.Unclassified)]
    [InlineData(typeof(Marked.ACommand), RequestKind.Command)]
    public void A_name_convention_reads_names_as_a_person_would(Type type, object kind) =>
        RequestClassifier.Classify(type, Options().ClassifyByNameSuffix()).ShouldBe((RequestKind)kind);

    [Fact]
    [Trait("Case", "C007")]
    public void Both_markers_at_once_are_an_error_that_says_what_to_write() =>
        Should.Throw<InvalidOperationException>(() => RequestClassifier.Classify(typeof(Marked.Both), Options())).Message
            .ShouldBe("The request 'RequestClassifierTests.Marked.Both' implements both a query and a command marker, so it cannot be routed. "
                + "Make it a query (it only reads) or a command (it may write), not both. [CR206]");

    [Fact]
    [Trait("Case", "C018")]
    public void An_exception_of_a_convention_reaches_the_sender() =>
        Should.Throw<NotSupportedException>(() =>
            RequestClassifier.Classify(typeof(Marked.GetOrders), Options().TreatAsQuery(_ => throw new NotSupportedException())));

    [Fact]
    [Trait("Case", "C008")]
    public void ReadFromPrimary_is_inherited()
    {
        RequestClassifier.ReadsFromPrimary(typeof(Marked.FreshQuery)).ShouldBeTrue();
        RequestClassifier.ReadsFromPrimary(typeof(Marked.AQuery)).ShouldBeFalse();
    }

    // The markers are the adapter's.
    private static RoutingOptions Options()
    {
        using var provider = new ServiceCollection().AddRoutingBehavior().BuildServiceProvider();
        return provider.GetRequiredService<IOptions<RoutingOptions>>().Value;
    }

    private static class Marked
    {
        public sealed record AQuery : IQuery<int>;

        public sealed record AStream : IStreamQuery<int>;

        public sealed record ACommand : ICommand<int>;

        public sealed record AVoidCommand : ICommand;

        public sealed record GetOrders : IRequest<int>;

        public sealed record Both : IQuery<int>, ICommand;

        [ReadFromPrimary]
        public abstract record Fresh;

        public sealed record FreshQuery : Fresh, IQuery<int>;
    }

    private sealed record GetOrdersQuery : IRequest<int>;

    private sealed record PageQuery<T> : IRequest<T>;

    private static class GetOrder
    {
        public sealed record Query : IRequest<int>;
    }

    private static class FindOrdersQuery
    {
        public sealed record Request : IRequest<int>;
    }

    private sealed record PayOrderCommand : IRequest<int>
    {
        public sealed record Query : IRequest<int>;
    }
}
