package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/libs/pubsub"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	rpccore "github.com/cometbft/cometbft/rpc/core"
	grpccore "github.com/cometbft/cometbft/rpc/grpc"
	rpcserver "github.com/cometbft/cometbft/rpc/jsonrpc/server"
	"github.com/rs/cors"
)

// rpcReactor serves the RPC. It is a reactor because those are what a node starts and stops with itself; it has no channels and no peers.
type rpcReactor struct {
	p2p.BaseReactor

	settings config.RPCConfig
	mempool  *config.MempoolConfig
	genesis  *genesisFile
	logger   log.Logger
	// node is set between the reactor's making and its start, since the node is made with its reactors.
	node      *node.Node
	listeners []net.Listener
}

func newRPCReactor(settings *config.Config, logger log.Logger) *rpcReactor {
	reactor := &rpcReactor{
		settings: *settings.RPC,
		mempool:  settings.Mempool,
		genesis:  newGenesisFile(settings.GenesisFile()),
		logger:   logger.With("module", "rpc-server"),
	}
	reactor.BaseReactor = *p2p.NewBaseReactor("RPC", reactor)
	return reactor
}

// OnStart listens at every address of the settings. It is called by Start.
func (r *rpcReactor) OnStart() error {
	environment, err := r.node.ConfigureRPC()
	if err != nil {
		return err
	}
	if err := r.listen(environment); err != nil {
		r.OnStop()
		return err
	}
	return nil
}

// OnStop closes the listeners. It is called by Stop.
func (r *rpcReactor) OnStop() {
	for _, listener := range r.listeners {
		if err := listener.Close(); err != nil {
			r.logger.Error("cannot close a listener of the RPC", "address", listener.Addr(), "err", err)
		}
	}
}

func (r *rpcReactor) listen(environment *rpccore.Environment) error {
	routes := environment.GetRoutes()
	r.genesis.replaceRoutes(routes)
	if r.settings.Unsafe {
		environment.AddUnsafeRoutes(routes)
	}
	limits := r.limits()
	for _, address := range addressesOf(r.settings.ListenAddress) {
		listener, err := r.open(address, limits.MaxOpenConnections)
		if err != nil {
			return err
		}
		go r.serve(listener, r.handler(routes, limits, environment), limits)
	}
	if r.settings.GRPCListenAddress == "" {
		return nil
	}
	listener, err := r.open(r.settings.GRPCListenAddress, r.settings.GRPCMaxOpenConnections)
	if err != nil {
		return err
	}
	go func() {
		//nolint:staticcheck // deprecated, and a part of this release
		r.report(grpccore.StartGRPCServer(environment, listener))
	}()
	return nil
}

func (r *rpcReactor) open(address string, connections int) (net.Listener, error) {
	listener, err := rpcserver.Listen(address, connections)
	if err == nil {
		r.listeners = append(r.listeners, listener)
	}
	return listener, err
}

// limits bounds requests as the settings say. An answer may take longer than a broadcast waits for its block.
func (r *rpcReactor) limits() *rpcserver.Config {
	limits := rpcserver.DefaultConfig()
	limits.MaxOpenConnections = r.settings.MaxOpenConnections
	// limitBatches counts them.
	limits.MaxRequestBatchSize = 0
	limits.MaxBodyBytes = r.settings.MaxBodyBytes
	limits.MaxHeaderBytes = r.settings.MaxHeaderBytes
	limits.WriteTimeout = max(limits.WriteTimeout, r.settings.TimeoutBroadcastTxCommit+time.Second)
	return limits
}

func (r *rpcReactor) handler(routes rpccore.RoutesMap, limits *rpcserver.Config, environment *rpccore.Environment) http.Handler {
	sockets := rpcserver.NewWebsocketManager(routes,
		rpcserver.ReadLimit(limits.MaxBodyBytes),
		rpcserver.WriteChanCapacity(r.settings.WebSocketWriteBufferSize),
		rpcserver.OnDisconnect(func(client string) {
			if err := environment.EventBus.UnsubscribeAll(context.Background(), client); !errors.Is(err, pubsub.ErrSubscriptionNotFound) {
				r.report(err)
			}
		}),
	)
	sockets.SetLogger(r.logger.With("protocol", "websocket"))
	mux := http.NewServeMux()
	mux.HandleFunc("/websocket", sockets.WebsocketHandler)
	rpcserver.RegisterRPCFuncs(mux, routes, r.logger)
	hot := &broadcaster{mempool: environment.Mempool, limits: r.mempool, next: mux}
	bounded := holdBodies(limitBatches(r.settings.MaxRequestBatchSize, hot))
	if !r.settings.IsCorsEnabled() {
		return bounded
	}
	return cors.New(cors.Options{
		AllowedOrigins: r.settings.CORSAllowedOrigins,
		AllowedMethods: r.settings.CORSAllowedMethods,
		AllowedHeaders: r.settings.CORSAllowedHeaders,
	}).Handler(bounded)
}

// serve returns when the listener is closed.
func (r *rpcReactor) serve(listener net.Listener, handler http.Handler, limits *rpcserver.Config) {
	if r.settings.IsTLSEnabled() {
		r.report(rpcserver.ServeTLS(listener, handler, r.settings.CertFile(), r.settings.KeyFile(), r.logger, limits))
		return
	}
	r.report(rpcserver.Serve(listener, handler, r.logger, limits))
}

// report logs an error of a server that nobody waits for. That of a closed listener is the end that was asked for.
func (r *rpcReactor) report(err error) {
	if err != nil && !errors.Is(err, net.ErrClosed) {
		r.logger.Error("the RPC failed", "err", err)
	}
}

// addressesOf splits the addresses that one setting lists.
func addressesOf(setting string) []string {
	return strings.FieldsFunc(setting, func(sign rune) bool { return sign == ',' || sign == ' ' })
}
