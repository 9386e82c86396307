using MediatR;

namespace Cqrs.Routing;

/// <summary>A request that may write and returns no result. It runs once, on the primary.</summary>
public interface ICommand : IRequest;
