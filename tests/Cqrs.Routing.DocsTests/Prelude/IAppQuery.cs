namespace Cqrs.Routing.DocsTests.Prelude;

public interface IAppQuery<TResult>;
