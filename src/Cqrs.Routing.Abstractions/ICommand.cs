using MediatR;

namespace Cqrs.Routing;

/// <summary>A request that may write and returns nothing: it runs on the primary, once.</summary>
public interface ICommand : IRequest;
